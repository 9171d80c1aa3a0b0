export const keys = {
  keys: "Keyboard",
  palette: "Go anywhere",
  search: "Search the conversations",
  help: "This list",
  send: "Send the message",
  line: "A new line",
  close: "Close what is open",
};
