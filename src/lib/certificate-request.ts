/** What a PKCS#10 certificate request asks for: for whom, and under which other names. @see RFC 2986, ITU-T X.690 (DER) */

export interface CertificateRequest {
  readonly commonName: string;
  readonly organizations: readonly string[];
  /** Whether it names other hosts, addresses or persons. */
  readonly hasAlternativeNames: boolean;
}

/** One element of DER: its tag, and its content. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

const SEQUENCE = 0x30;
const COMMON_NAME = "2.5.4.3";
const ORGANIZATION = "2.5.4.10";
const ALTERNATIVE_NAMES = "2.5.29.17";
const OBJECT_IDENTIFIER = 0x06;
/** Sets and sequences, and what is tagged by its place, hold other elements. */
const CONSTRUCTED = 0x20;

/** Reads a request in PEM; `undefined` when it is none. */
export function parseCertificateRequest(pem: string): CertificateRequest | undefined {
  const [, base64] = /-----BEGIN CERTIFICATE REQUEST-----([\sA-Za-z0-9+/=]+)-----END CERTIFICATE REQUEST-----/.exec(pem) ?? [];
  if (base64 === undefined) return undefined;
  try {
    const der = Uint8Array.from(atob(base64.replace(/\s/g, "")), (c) => c.charCodeAt(0));
    const [info] = elements(first(der).content);
    const [, subject, , attributes] = info?.tag === SEQUENCE ? elements(info.content) : [];
    if (!subject) return undefined;
    const names = elements(subject.content).flatMap((set) => elements(set.content).map((pair) => elements(pair.content)));
    const values = (id: string): string[] => names.flatMap(([oid, value]) => (oid && value && objectId(oid) === id ? [text(value)] : []));
    return {
      commonName: values(COMMON_NAME).at(-1) ?? "",
      organizations: values(ORGANIZATION),
      hasAlternativeNames: attributes !== undefined && mentions(attributes, ALTERNATIVE_NAMES),
    };
  } catch {
    return undefined;
  }
}

function text({ content }: Element): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(content);
}

/** The first element. @throws RangeError when the bytes end too early */
function first(bytes: Uint8Array): Element & { readonly length: number } {
  const [tag, short] = bytes;
  if (tag === undefined || short === undefined) throw new RangeError("an element has a tag and a length");
  const more = short < 0x80 ? 0 : short & 0x7f;
  let size = more === 0 ? short : 0;
  for (const byte of bytes.subarray(2, 2 + more)) size = size * 256 + byte;
  const length = 2 + more + size;
  if (more > 4 || bytes.length < length) throw new RangeError("the element is longer than its bytes");
  return { tag, content: bytes.subarray(2 + more, length), length };
}

function elements(bytes: Uint8Array): readonly Element[] {
  const found: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const element = first(bytes.subarray(at));
    found.push(element);
    at += element.length;
  }
  return found;
}

function objectId({ tag, content }: Element): string | undefined {
  if (tag !== OBJECT_IDENTIFIER) return undefined;
  const [head = 0, ...rest] = content;
  const numbers = [Math.min(2, Math.floor(head / 40)), head - 40 * Math.min(2, Math.floor(head / 40))];
  let value = 0;
  for (const byte of rest) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      numbers.push(value);
      value = 0;
    }
  }
  return numbers.join(".");
}

function mentions(element: Element, id: string): boolean {
  if ((element.tag & CONSTRUCTED) === 0) return objectId(element) === id;
  return elements(element.content).some((e) => mentions(e, id));
}
