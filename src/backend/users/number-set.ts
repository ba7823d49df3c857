// A byte for each number costs less than anything else, up to 32 MB.
const MARKED_BELOW = 2 ** 25;
// To mark a list of numbers costs as much as looking for one by halves so often.
const LOOKED_FOR = 8_192;

/** Numbers of users, each once. */
export interface NumberSet {
  readonly size: number;
  has(number: number): boolean;
  /** All of them, in ascending order. */
  list(): readonly number[];
  /** So many of them or fewer, spread over all; perhaps none. */
  some(count: number): readonly number[];
}

/** A set that grows. */
export interface GrowingNumberSet extends NumberSet {
  add(numbers: readonly number[]): void;
}

/** An empty set for numbers from 0 to `greatest`; others are welcome, and cost more. */
export function createNumberSet(greatest: number): GrowingNumberSet {
  const marks = new Uint8Array(Math.min(Math.max(greatest + 1, 0), MARKED_BELOW));
  // Somebody else who writes to the database may number as they like.
  const others = new Set<number>();
  let marked = 0;
  const addOne = (number: number): void => {
    const mark = marks[number];
    if (mark === undefined) others.add(number);
    if (mark !== 0) return;
    marks[number] = 1;
    marked += 1;
  };
  return {
    get size() {
      return marked + others.size;
    },
    has: (number) => marks[number] === 1 || others.has(number),
    list() {
      const numbers = numbersOf(marks);
      if (others.size === 0) return numbers;
      // Without a function to compare with, which takes a second for a million.
      return Array.from(Float64Array.from([...others, ...numbers]).toSorted());
    },
    some: (count) => someOf(marks, count),
    add: (numbers) => numbers.forEach(addOne),
  };
}

/** The set of these numbers, which are in ascending order. */
export function setOfList(numbers: readonly number[]): NumberSet {
  let looked = 0;
  let marks: GrowingNumberSet | undefined;
  return {
    size: numbers.length,
    has(number) {
      looked += 1;
      if (looked <= LOOKED_FOR) return isAmong(numbers, number);
      if (!marks) {
        marks = createNumberSet(numbers.at(-1) ?? 0);
        marks.add(numbers);
      }
      return marks.has(number);
    },
    list: () => numbers,
    some: (count) =>
      spread(Math.min(count, numbers.length), numbers.length).map((at) => numbers[at] ?? 0),
  };
}

/** So many numbers below `end`, in even steps. */
export function spread(count: number, end: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(((index + 0.5) * end) / count));
}

function numbersOf(marks: Uint8Array): number[] {
  const numbers: number[] = [];
  for (let at = marks.indexOf(1); at !== -1; at = marks.indexOf(1, at + 1)) numbers.push(at);
  return numbers;
}

function someOf(marks: Uint8Array, count: number): number[] {
  const numbers: number[] = [];
  let next = -1;
  for (const at of spread(count, marks.length)) {
    if (at <= next) continue;
    next = marks.indexOf(1, at);
    if (next === -1) break;
    numbers.push(next);
  }
  return numbers;
}

function isAmong(numbers: readonly number[], wanted: number): boolean {
  let [from, to] = [0, numbers.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((numbers[middle] ?? 0) < wanted) from = middle + 1;
    else to = middle;
  }
  return numbers[from] === wanted;
}
