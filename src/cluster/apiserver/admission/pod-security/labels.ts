/** The labels by which a namespace chooses its standards. @see kubernetes staging/src/k8s.io/pod-security-admission/api/helpers.go */
import { type FieldError, invalidValue } from "../../field-error.ts";

const LEVELS = ["privileged", "baseline", "restricted"] as const;
type Level = (typeof LEVELS)[number];

export interface Standard {
  readonly level: Level;
  /** `latest` or `v1.x`. */
  readonly version: string;
}

/**
 * What a namespace asks for.
 * Simplified: `audit` is read for its mistakes only; there is no audit log to write to.
 */
interface Policy {
  readonly enforce: Standard;
  readonly warn: Standard;
  readonly errors: readonly FieldError[];
}

const PREFIX = "pod-security.kubernetes.io/";
const VERSION = /^v1\.([0-9]|[1-9][0-9]*)$/;
const DEFAULT: Standard = { level: "privileged", version: "latest" };

const isLevel = (text: string): text is Level => (LEVELS as readonly string[]).includes(text);

/** How strict, the laxest first. */
export const strictness = ({ level }: Standard): number => LEVELS.indexOf(level);

export const tellStandard = ({ level, version }: Standard): string => `${level}:${version}`;

export function policyOf(labels: Readonly<Record<string, string>> | undefined): Policy {
  if (!labels) return UNLABELLED;
  let policy = known.get(labels);
  if (!policy) {
    policy = readPolicy(labels);
    known.set(labels, policy);
  }
  return policy;
}

const UNLABELLED: Policy = { enforce: DEFAULT, warn: DEFAULT, errors: [] };
/** By the labels of a stored namespace, which are never changed in place. */
const known = new WeakMap<Readonly<Record<string, string>>, Policy>();

function readPolicy(labels: Readonly<Record<string, string>>): Policy {
  const errors: FieldError[] = [];
  // A level that is none: enforcing fails closed, telling fails open.
  const enforce = readStandard(labels, "enforce", "restricted", errors);
  readStandard(labels, "audit", "privileged", errors);
  const warn = readStandard(labels, "warn", "privileged", errors);
  const enforces = isLevel(labels[`${PREFIX}enforce`] ?? "");
  // Who enforces and says nothing of warnings is warned by what is enforced.
  if (labels[`${PREFIX}warn`] !== undefined || !enforces || strictness(enforce) <= strictness(warn)) return { enforce, warn, errors };
  const version = labels[`${PREFIX}warn-version`] === undefined ? enforce.version : warn.version;
  return { enforce, warn: { level: enforce.level, version }, errors };
}

function readStandard(labels: Readonly<Record<string, string>>, mode: string, otherwise: Level, errors: FieldError[]): Standard {
  let { level, version } = DEFAULT;
  const levelLabel = PREFIX + mode;
  const levelText = labels[levelLabel];
  if (levelText !== undefined) {
    level = isLevel(levelText) ? levelText : otherwise;
    if (!isLevel(levelText)) errors.push(invalidValue(`metadata.labels[${levelLabel}]`, levelText, `must be one of ${LEVELS.join(", ")}`));
  }
  const versionLabel = `${levelLabel}-version`;
  const versionText = labels[versionLabel];
  if (versionText !== undefined && versionText !== "latest") {
    if (VERSION.test(versionText)) version = versionText;
    else errors.push(invalidValue(`metadata.labels[${versionLabel}]`, versionText, 'must be "latest" or "v1.x"'));
  }
  return { level, version };
}
