export const keys = {
  keys: "Keyboard shortcuts",
  palette: "Search or jump to",
  newChat: "Start a new chat",
  sidebar: "Open or close the sidebar",
  search: "Search chats",
  help: "Show shortcuts",
  send: "Send message",
  line: "New line",
  close: "Stop the answer, or close what is open",
};
