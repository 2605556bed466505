/** The address of one of our paths as others know it; a path in the public URL itself, as behind a proxy, stays. */
export function publicAddress(publicUrl: string, path: string): string {
  return `${publicUrl.replace(/\/+$/, '')}${path}`;
}
