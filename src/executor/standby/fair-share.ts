// Shares out the room for standbys among those who want some, so that nobody goes without as long as others have many.

export interface Wish {
  key: string;
  /** How many it wants. */
  wanted: number;
  /** MiB that each of them may use. */
  memory: number;
}

export interface Room {
  /** Standbys. */
  most: number;
  /** MiB, all of them together. */
  memory: number;
}

/**
 * How many each may have; one after the other is given to who has the smallest part of what it wants, the first of
 * equals.
 */
export function fairShares({ wishes, room }: { wishes: readonly Wish[]; room: Room }): Map<string, number> {
  const given = new Map(wishes.map(({ key }) => [key, 0]));
  const part = ({ key, wanted }: Wish) => (given.get(key) ?? 0) / wanted;
  let { most, memory } = room;
  for (;;) {
    const open = wishes.filter((wish) => part(wish) < 1 && wish.memory <= memory);
    const [next] = open.toSorted((a, b) => part(a) - part(b));
    if (next === undefined || most < 1) return given;
    given.set(next.key, (given.get(next.key) ?? 0) + 1);
    most -= 1;
    memory -= next.memory;
  }
}
