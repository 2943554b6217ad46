// What a function returns to the fake.

export interface Reply {
  body: string | Buffer | AsyncIterable<string>;
  statusCode: number;
  headers: Record<string, unknown>;
}

/** A reply, or a bare map: what it leaves out is filled in, and a body that is null is an empty one. */
export type Returned = Partial<Omit<Reply, 'body'>> & { body?: Reply['body'] | null };
