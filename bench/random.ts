/** A source of random numbers that are the same in every run. */
export interface Random {
  /** An integer from 0 to `below` - 1. */
  below(below: number): number;
  chance(probability: number): boolean;
  pick<Item>(items: readonly Item[]): Item;
  /** `count` different items, in random order. */
  sample<Item>(items: readonly Item[], count: number): Item[];
  uuid(): string;
}

/**
 * The generator sfc32. Its state is large enough that the hundred thousand streams of a seed do not overlap,
 * so ids from its numbers are unique.
 */
export function makeRandom(seed: number, stream = 0): Random {
  let [a, b, c, counter] = [seed | 0, stream | 0, 0x9e3779b9 | 0, 1];
  const next = () => {
    const mixed = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + mixed) | 0;
    return mixed >>> 0;
  };
  // Mixes the seed into the whole state.
  for (let round = 0; round < 16; round += 1) next();
  const below = (limit: number) => next() % limit;
  const hex = () => next().toString(16).padStart(8, "0");
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[below(items.length)];
    if (item === undefined) throw new Error("There is nothing to pick from.");
    return item;
  };
  return {
    below,
    chance: (probability) => next() < probability * 2 ** 32,
    pick,
    sample: (items, count) => {
      const left = [...items];
      return Array.from({ length: Math.min(count, items.length) }, () =>
        left.splice(below(left.length), 1),
      ).flat();
    },
    uuid: () => {
      const [a, b, c, d] = [hex(), hex(), hex(), hex()];
      return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
    },
  };
}
