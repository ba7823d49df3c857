/** A mistake in a configuration; `message` says what is wrong and what is wanted. */
export class SiteConfigError extends Error {
  override readonly name = "SiteConfigError";
  /** The field, for example `apiBaseUrl` or `links[0].href`; empty when it is the whole. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}
