/**
 * A function that puts a number and the fitting form of a word together, for a
 * language (BCP 47): `count(2, { one: "user", other: "users" })` is "2 users".
 */
export function createCount(language: string) {
  // Made when the first number is there: a browser takes milliseconds to load the rules of a language.
  let tools: { readonly rules: Intl.PluralRules; readonly numbers: Intl.NumberFormat } | undefined;
  return (
    amount: number,
    forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
  ): string => {
    tools ??= { rules: new Intl.PluralRules(language), numbers: new Intl.NumberFormat(language) };
    return `${tools.numbers.format(amount)} ${forms[tools.rules.select(amount)] ?? forms.other}`;
  };
}
