/** Levels of lists and maps that are read or written. Real objects have about 20; custom resource schemas about 60. */
export const NESTING_MAX = 500;
