/** The validation that requests go through. */
export { validateCreate, validateStatusUpdate, validateUpdate } from "./validation/index.ts";
