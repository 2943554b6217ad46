// What a function returns to the fake.

export interface Reply {
  body: string | Buffer | AsyncIterable<string>;
  statusCode: number;
  headers: Record<string, unknown>;
}
