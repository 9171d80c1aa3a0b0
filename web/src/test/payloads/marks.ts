/** What an attack would do: show a dialog, or ask another site. */
export const ACT = "alert(1)";
export const AWAY = "https://evil.example/x";
