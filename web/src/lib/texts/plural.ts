/** The texts of a language with more plural forms than English: each that is counted has all of them. */
type Counted<T, Form extends string> = {
  [Key in keyof T as PluralKey<Key, Form>]: T[Key] extends string ? string : Counted<T[Key], Form>;
};

type PluralKey<Key, Form extends string> = Key extends `${infer Base}_other`
  ? `${Base}_${Form}`
  : Key extends `${string}_one`
    ? never
    : Key;

/** Arabic counts none, one, two, 3 to 10, 11 to 99, and the rest. */
export type Arabic<T> = Counted<T, "zero" | "one" | "two" | "few" | "many" | "other">;
