/**
 * Seeded random streams. Each stream is keyed by what it names (a Pod's name, a uid), so that one more object does not change another's.
 */

/** The letters Kubernetes draws name suffixes from: no vowels, nothing that looks alike. @see apimachinery pkg/util/rand */
export const NAME_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** FNV-1a, 32 bit. @see Go hash/fnv New32a */
export function fnv32a(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  return h >>> 0;
}

export interface RandomStream {
  /** An integer in [0, below). */
  int(below: number): number;
}

/** Steps between the states of splitmix32. */
const STEP = 0x9e3779b9;

const firstState = (key: string): number => fnv32a(key) ^ Math.imul(key.length, 0x9e3779b1);

/** What a state gives: 32 bits. */
function drawn(state: number): number {
  let z = state ^ (state >>> 16);
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** A stream that depends on its key alone (splitmix32). */
export function randomStream(key: string): RandomStream {
  let state = firstState(key);
  return {
    int: (below) => {
      state = (state + STEP) | 0;
      return drawn(state) % below;
    },
  };
}

/** A name suffix of `length` letters, as `generateName` appends (5 letters). */
export function nameSuffix(key: string, length = 5): string {
  const stream = randomStream(key);
  let out = "";
  for (let i = 0; i < length; i++) out += NAME_ALPHABET[stream.int(NAME_ALPHABET.length)];
  return out;
}

const codeOf = (c: string): number => c.charCodeAt(0);
const HEX: readonly number[] = Array.from("0123456789abcdef", codeOf);
/** A uuid's characters: its dashes and its version are there already. */
const uuid: number[] = Array.from("xxxxxxxx-xxxx-4xxx-xxxx-xxxxxxxxxxxx", codeOf);
/** Where the digits of each 16 bits begin, in the order in which they are drawn; of the version's there are three. */
const QUARTERS: readonly number[] = [0, 4, 19, 9, 14, 24, 28, 32];
const VARIANT = 19;
const VERSION = 14;

/** A version 4 uuid. */
export function uuidOf(key: string): string {
  let state = firstState(key);
  for (let i = 0; i < QUARTERS.length; i++) {
    const start = QUARTERS[i]!;
    state = (state + STEP) | 0;
    const random = drawn(state) & 0xffff;
    const bits = start === VARIANT ? 0x8000 | (random & 0x3fff) : random;
    if (start !== VERSION) uuid[start] = HEX[bits >>> 12]!;
    uuid[start + 1] = HEX[(bits >>> 8) & 15]!;
    uuid[start + 2] = HEX[(bits >>> 4) & 15]!;
    uuid[start + 3] = HEX[bits & 15]!;
  }
  return String.fromCharCode(...uuid);
}

/** Decimal digits of a hash spelt in the name alphabet, as Kubernetes does for template hashes. @see apimachinery rand.SafeEncodeString */
export function safeEncode(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) out += NAME_ALPHABET[text.charCodeAt(i) % NAME_ALPHABET.length];
  return out;
}
