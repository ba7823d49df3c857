/** Whether an address is of this machine (RFC 8252, section 8.3). */
export function isLoopback(url: string): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(url).hostname);
}
