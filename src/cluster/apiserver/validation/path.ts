/**
 * Where a value is: a text, or a text that is put together only when an error has to name it. Rules look at many values and say something of few.
 * @see kubernetes staging/src/k8s.io/apimachinery/pkg/util/validation/field/path.go
 */
export type Path = string | FieldPath;

class FieldPath {
  readonly parent: Path;
  readonly name: string;
  readonly index: number;

  constructor(parent: Path, name: string, index: number) {
    this.parent = parent;
    this.name = name;
    this.index = index;
  }

  /** `spec.containers[0]`. */
  toString(): string {
    const field = this.name === "" ? `${this.parent}` : `${this.parent}.${this.name}`;
    return this.index < 0 ? field : `${field}[${this.index}]`;
  }
}

/** A field of what is at `parent`, or an item of that field's list; with an empty name an item of `parent` itself. */
export function at(parent: Path, name: string, index = -1): Path {
  return new FieldPath(parent, name, index);
}
