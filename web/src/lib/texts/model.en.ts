export const model = {
  choose: "Choose a model or assistant",
  current: "Model: {{model}}",
  search_one: "Search {{count}} model",
  search_other: "Search {{count}} models",
  none: "No matching models",
  assistants: "Assistants",
  favorites: "Favorites",
  guide: "Built-in guide",
  builtIn: "Built in",
  default: "default",
  defaultAssistant: "Default assistant",
};
