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

/** A stream that depends on its key alone (splitmix32). */
export function randomStream(key: string): RandomStream {
  let state = fnv32a(key) ^ Math.imul(key.length, 0x9e3779b1);
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let z = state ^ (state >>> 16);
    z = Math.imul(z, 0x21f0aaad);
    z ^= z >>> 15;
    z = Math.imul(z, 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  return { int: (below) => next() % below };
}

/** A name suffix of `length` letters, as `generateName` appends (5 letters). */
export function nameSuffix(key: string, length = 5): string {
  const stream = randomStream(key);
  let out = "";
  for (let i = 0; i < length; i++) out += NAME_ALPHABET[stream.int(NAME_ALPHABET.length)];
  return out;
}

/** Of the numbers below 65,536 those that were asked for, as four hexadecimal digits. */
const HEX: (string | undefined)[] = Array.from({ length: 0x10000 });

function hexOf(drawn: number): string {
  let text = HEX[drawn];
  if (text === undefined) {
    text = drawn.toString(16).padStart(4, "0");
    HEX[drawn] = text;
  }
  return text;
}

/** A version 4 uuid. */
export function uuidOf(key: string): string {
  const stream = randomStream(key);
  const hex = (): string => hexOf(stream.int(0x10000));
  const a = hex();
  const b = hex();
  const variant = hexOf(0x8000 | (stream.int(0x10000) & 0x3fff));
  return `${a}${b}-${hex()}-4${hex().slice(1)}-${variant}-${hex()}${hex()}${hex()}`;
}

/** Decimal digits of a hash spelt in the name alphabet, as Kubernetes does for template hashes. @see apimachinery rand.SafeEncodeString */
export function safeEncode(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; i++) out += NAME_ALPHABET[text.charCodeAt(i) % NAME_ALPHABET.length];
  return out;
}
