/** Quantities, addresses, URLs and versions. @see kubernetes …/apiserver/pkg/cel/library/quantity.go, ip.go, cidr.go, urls.go, semverlib.go */
import { type Cidr, containsIp, formatCidr, formatIp, type Ip, parseCidr, parseIp } from "../../../../lib/cidr.ts";
import { goQuote } from "../../../../lib/go-text.ts";
import {
  addQuantity,
  compareQuantity,
  formatQuantity,
  parseQuantity,
  type Quantity,
  subtractQuantity,
  unitsOf,
} from "../../../../lib/quantity.ts";
import { CelError, type Library } from "./registrar.ts";

/** Values of these types are opaque: only functions look into them. */
class Opaque<T> {
  readonly value: T;
  constructor(value: T) {
    this.value = value;
  }
}
class CelQuantity extends Opaque<Quantity> {
  override toString(): string {
    return formatQuantity(this.value);
  }
}
class CelIp extends Opaque<Ip> {
  override toString(): string {
    return formatIp(this.value.family, this.value.value);
  }
}
class CelCidr extends Opaque<Cidr> {
  override toString(): string {
    return formatCidr(this.value);
  }
}
class CelUrl extends Opaque<URL> {}
class CelSemver extends Opaque<readonly [major: bigint, minor: bigint, patch: bigint, pre: string]> {}

const Q = "kubernetes.Quantity";
const IP = "net.IP";
const CIDR = "net.CIDR";
const URL_TYPE = "kubernetes.URL";
const SEMVER = "kubernetes.Semver";

const NANO = 1_000_000_000n;
const ofInt = (n: bigint): Quantity => ({ nano: n * NANO, format: "DecimalSI" });

function quantityOf(text: string): CelQuantity {
  const parsed = parseQuantity(text);
  if (!parsed) throw new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
  return new CelQuantity(parsed);
}

export const quantities: Library = ({ add, type, operator }) => {
  type(Q, CelQuantity);
  operator(`${Q} == ${Q}`, (a: CelQuantity, b: CelQuantity) => compareQuantity(a.value, b.value) === 0);
  add(`quantity(string): ${Q}`, quantityOf);
  add("isQuantity(string): bool", (text: string) => parseQuantity(text) !== undefined);
  add(`${Q}.sign(): int`, ({ value }: CelQuantity) => (value.nano > 0n ? 1n : value.nano < 0n ? -1n : 0n));
  add(`${Q}.isGreaterThan(${Q}): bool`, (a: CelQuantity, b: CelQuantity) => compareQuantity(a.value, b.value) > 0);
  add(`${Q}.isLessThan(${Q}): bool`, (a: CelQuantity, b: CelQuantity) => compareQuantity(a.value, b.value) < 0);
  add(`${Q}.compareTo(${Q}): int`, (a: CelQuantity, b: CelQuantity) => BigInt(compareQuantity(a.value, b.value)));
  add(`${Q}.asApproximateFloat(): double`, ({ value }: CelQuantity) => Number(value.nano) / Number(NANO));
  add(`${Q}.asInteger(): int`, ({ value }: CelQuantity) => {
    if (value.nano % NANO !== 0n) throw new CelError("cannot convert value to integer");
    return unitsOf(value);
  });
  add(`${Q}.isInteger(): bool`, ({ value }: CelQuantity) => value.nano % NANO === 0n);
  add(`${Q}.add(${Q}): ${Q}`, (a: CelQuantity, b: CelQuantity) => new CelQuantity(addQuantity(a.value, b.value)));
  add(`${Q}.add(int): ${Q}`, (a: CelQuantity, b: bigint) => new CelQuantity(addQuantity(a.value, ofInt(b))));
  add(`${Q}.sub(${Q}): ${Q}`, (a: CelQuantity, b: CelQuantity) => new CelQuantity(subtractQuantity(a.value, b.value)));
  add(`${Q}.sub(int): ${Q}`, (a: CelQuantity, b: bigint) => new CelQuantity(subtractQuantity(a.value, ofInt(b))));
};

function ipOf(text: string): CelIp {
  const parsed = parseIp(text);
  if (!parsed)
    throw new CelError(
      `IP Address ${goQuote(text)} parse error during conversion from string: ParseAddr(${goQuote(text)}): unable to parse IP`,
    );
  return new CelIp(parsed);
}

function cidrOf(text: string): CelCidr {
  const parsed = parseCidr(text);
  if (!parsed) throw new CelError(`network address parse error during conversion from string: netip.ParsePrefix(${goQuote(text)}): no '/'`);
  return new CelCidr(parsed);
}

const inRange = (ip: Ip, range: string): boolean => {
  const cidr = parseCidr(range);
  return cidr !== undefined && cidr.family === ip.family && containsIp(cidr, ip);
};
const isAnyOf = (ip: Ip, v4: string, v6: string): boolean => inRange(ip, v4) || inRange(ip, v6);
const holds = (outer: Cidr, inner: Cidr): boolean =>
  outer.family === inner.family && outer.prefix <= inner.prefix && outer.network <= inner.network && inner.last <= outer.last;

export const addresses: Library = ({ add, type, operator }) => {
  type(IP, CelIp);
  type(CIDR, CelCidr);
  operator(`${IP} == ${IP}`, (a: CelIp, b: CelIp) => String(a) === String(b));
  operator(`${CIDR} == ${CIDR}`, (a: CelCidr, b: CelCidr) => String(a) === String(b));
  add(`ip(string): ${IP}`, ipOf);
  add("isIP(string): bool", (text: string) => parseIp(text) !== undefined);
  add("__ip_isCanonical(string): bool", (text: string) => String(ipOf(text)) === text);
  add(`${IP}.family(): int`, ({ value }: CelIp) => (value.family === "IPv4" ? 4n : 6n));
  add(`${IP}.isUnspecified(): bool`, ({ value }: CelIp) => value.value === 0n);
  add(`${IP}.isLoopback(): bool`, ({ value }: CelIp) => isAnyOf(value, "127.0.0.0/8", "::1/128"));
  add(`${IP}.isLinkLocalMulticast(): bool`, ({ value }: CelIp) => isAnyOf(value, "224.0.0.0/24", "ff02::/16"));
  add(`${IP}.isLinkLocalUnicast(): bool`, ({ value }: CelIp) => isAnyOf(value, "169.254.0.0/16", "fe80::/10"));
  add(
    `${IP}.isGlobalUnicast(): bool`,
    ({ value }: CelIp) =>
      value.value !== 0n &&
      !inRange(value, "255.255.255.255/32") &&
      !isAnyOf(value, "127.0.0.0/8", "::1/128") &&
      !isAnyOf(value, "224.0.0.0/4", "ff00::/8") &&
      !isAnyOf(value, "169.254.0.0/16", "fe80::/10"),
  );
  add(`${IP}.__string(): string`, String);
  add(`cidr(string): ${CIDR}`, cidrOf);
  add("isCIDR(string): bool", (text: string) => parseCidr(text) !== undefined);
  add(`${CIDR}.containsIP(string): bool`, ({ value }: CelCidr, ip: string) => inRange(ipOf(ip).value, formatCidr(value)));
  add(`${CIDR}.containsIP(${IP}): bool`, ({ value }: CelCidr, ip: CelIp) => inRange(ip.value, formatCidr(value)));
  add(`${CIDR}.containsCIDR(string): bool`, ({ value }: CelCidr, inner: string) => holds(value, cidrOf(inner).value));
  add(`${CIDR}.containsCIDR(${CIDR}): bool`, ({ value }: CelCidr, inner: CelCidr) => holds(value, inner.value));
  add(`${CIDR}.ip(): ${IP}`, ({ value }: CelCidr) => new CelIp({ family: value.family, value: value.address }));
  add(`${CIDR}.prefixLength(): int`, ({ value }: CelCidr) => BigInt(value.prefix));
  add(`${CIDR}.masked(): ${CIDR}`, ({ value }: CelCidr) => new CelCidr({ ...value, address: value.network }));
  add(`${CIDR}.__string(): string`, String);
};

/** As Go's url.ParseRequestURI: a scheme with something behind it, or an absolute path. */
function parseUrl(text: string): URL | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return undefined;
  try {
    if (text.startsWith("/")) return new URL(text, "none://");
    return /^[a-zA-Z][a-zA-Z0-9+.-]*:/.test(text) ? new URL(text) : undefined;
  } catch {
    return undefined;
  }
}

export const urls: Library = ({ add, type, operator }) => {
  type(URL_TYPE, CelUrl);
  operator(`${URL_TYPE} == ${URL_TYPE}`, (a: CelUrl, b: CelUrl) => a.value.href === b.value.href);
  add(`url(string): ${URL_TYPE}`, (text: string) => {
    const parsed = parseUrl(text);
    if (!parsed) throw new CelError(`URL parse error during conversion from string: parse ${goQuote(text)}: invalid URI for request`);
    return new CelUrl(parsed);
  });
  add("isURL(string): bool", (text: string) => parseUrl(text) !== undefined);
  add(`${URL_TYPE}.getScheme(): string`, ({ value }: CelUrl) => (value.protocol === "none:" ? "" : value.protocol.slice(0, -1)));
  add(`${URL_TYPE}.getHost(): string`, ({ value }: CelUrl) => value.host);
  add(`${URL_TYPE}.getHostname(): string`, ({ value }: CelUrl) => value.hostname.replace(/^\[|\]$/g, ""));
  add(`${URL_TYPE}.getPort(): string`, ({ value }: CelUrl) => value.port);
  add(`${URL_TYPE}.getEscapedPath(): string`, ({ value }: CelUrl) => value.pathname);
  add(`${URL_TYPE}.getQuery(): map<string, list<string>>`, ({ value }: CelUrl) =>
    Object.fromEntries([...new Set(value.searchParams.keys())].map((key) => [key, value.searchParams.getAll(key)])),
  );
};

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** `normalize`: a leading `v` is dropped, missing parts are 0. */
function parseSemver(text: string, normalize: boolean): CelSemver | undefined {
  const plain = normalize ? text.replace(/^v/, "").replace(/^(\d+)(?:\.(\d+))?(?=$|[-+])/, (_, a, b) => `${a}.${b ?? 0}.0`) : text;
  const match = VERSION.exec(plain);
  return match ? new CelSemver([BigInt(match[1]!), BigInt(match[2]!), BigInt(match[3]!), match[4] ?? ""]) : undefined;
}

function semverOf(text: string, normalize = false): CelSemver {
  const parsed = parseSemver(text, normalize);
  if (!parsed) throw new CelError("No Major.Minor.Patch elements found");
  return parsed;
}

function compareSemver({ value: a }: CelSemver, { value: b }: CelSemver): number {
  for (const i of [0, 1, 2] as const) if (a[i] !== b[i]) return a[i] < b[i] ? -1 : 1;
  if (a[3] === b[3]) return 0;
  // A release comes after what was before it.
  if (a[3] === "" || b[3] === "") return a[3] === "" ? 1 : -1;
  return comparePreReleases(a[3].split("."), b[3].split("."));
}

function comparePreReleases(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i], b[i]];
    if (x === undefined || y === undefined) return x === undefined ? -1 : 1;
    if (x === y) continue;
    const [m, n] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    if (m && n) return BigInt(x) < BigInt(y) ? -1 : 1;
    if (m !== n) return m ? -1 : 1;
    return x < y ? -1 : 1;
  }
  return 0;
}

export const versions: Library = ({ add, type, operator }) => {
  type(SEMVER, CelSemver);
  operator(`${SEMVER} == ${SEMVER}`, (a: CelSemver, b: CelSemver) => compareSemver(a, b) === 0);
  add(`semver(string): ${SEMVER}`, (text: string) => semverOf(text));
  add(`semver(string, bool): ${SEMVER}`, semverOf);
  add("isSemver(string): bool", (text: string) => parseSemver(text, false) !== undefined);
  add("isSemver(string, bool): bool", (text: string, normalize: boolean) => parseSemver(text, normalize) !== undefined);
  add(`${SEMVER}.isGreaterThan(${SEMVER}): bool`, (a: CelSemver, b: CelSemver) => compareSemver(a, b) > 0);
  add(`${SEMVER}.isLessThan(${SEMVER}): bool`, (a: CelSemver, b: CelSemver) => compareSemver(a, b) < 0);
  add(`${SEMVER}.compareTo(${SEMVER}): int`, (a: CelSemver, b: CelSemver) => BigInt(compareSemver(a, b)));
  add(`${SEMVER}.major(): int`, ({ value }: CelSemver) => value[0]);
  add(`${SEMVER}.minor(): int`, ({ value }: CelSemver) => value[1]);
  add(`${SEMVER}.patch(): int`, ({ value }: CelSemver) => value[2]);
};
