export const keys = {
  keys: "Keyboard shortcuts",
  palette: "Search or jump to",
  search: "Search chats",
  help: "Show shortcuts",
  send: "Send message",
  line: "New line",
  close: "Close",
};
