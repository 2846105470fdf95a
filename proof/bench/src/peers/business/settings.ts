/** What a peer's process is told by its environment. @throws Error that names the setting */
export function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
