// Finds what a file imports, types included.

/** As written: a relative path or the name of a package. */
export function specifiers(text: string): string[] {
  const statements = text.matchAll(/^\s*(?:import|export)\s+(?:[\w\s{},*$]+?\s+from\s+)?['"]([^'"]+)['"]/gm);
  const calls = text.matchAll(/\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [...statements, ...calls].map((match) => match[1] ?? '');
}
