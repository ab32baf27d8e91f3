/** An error of a CNI plugin, as it prints it. */
export class CniError extends Error {
  override readonly name = "CniError";
  /** @see CNI SPEC.md section 5, "Error" */
  readonly code: number;
  readonly details: string | undefined;

  constructor(code: number, message: string, details?: string) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export const CODE = {
  incompatibleVersion: 1,
  invalidEnvironment: 4,
  decodingFailure: 6,
  invalidNetworkConfig: 7,
  internal: 999,
} as const;

/** What the plugin's own work has failed with. */
export function pluginError(message: string): CniError {
  return new CniError(CODE.internal, message);
}
