/** What the server refuses, by its code. What is not here is shown as the server says it. */
export const problems: Record<string, string> = {};
