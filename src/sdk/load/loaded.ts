/** What loading gives: objects, and where each was written. */
import type { KubeObject } from "../../api/object.ts";
import type { SourceLocation } from "../../api/source-location.ts";
import type { CniConfig } from "../cni/file.ts";

export interface LoadedObject {
  /** Only this much is known of it: `apiVersion` and `kind` are texts with something in them, `metadata` is a map. */
  readonly object: KubeObject;
  /** Where it was made: the constructor's call, or the first line of the YAML document. */
  readonly source: SourceLocation | undefined;
  /**
   * Where a field was written: `spec.template.spec.containers[0].image`, `metadata.labels[app.kubernetes.io/name]`.
   * YAML and JSON: the line of the field, or of the nearest one around it; TypeScript: `source`.
   */
  locate(path: string): SourceLocation | undefined;
}

/** A CNI configuration, which no API server sees: a file on every node. */
export interface LoadedCni {
  readonly config: CniConfig;
  readonly source: SourceLocation | undefined;
}
