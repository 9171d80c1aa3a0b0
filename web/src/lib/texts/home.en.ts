export const home = {
  morning: "Good morning, {{name}}",
  afternoon: "Good afternoon, {{name}}",
  evening: "Good evening, {{name}}",
  suggestions: "Suggestions",
  connect: "Connect a model",
  noModel: "No model connected yet",
  connectHint: "The built-in guide can only answer questions about ConvoSphere.",
  askAdministrator: "Ask your administrator to connect a model.",
  assistantHint: "Chat with this assistant",
  starters: {
    write: {
      title: "Write something",
      hint: "Emails, summaries, release notes",
      text: "Write a short, friendly email asking for a meeting next week.",
    },
    code: {
      title: "Explain or fix code",
      hint: "Paste it, or drop a file",
      text: "Explain what this code does, and point out mistakes:\n\n",
    },
    plan: {
      title: "Make a plan",
      hint: "Projects, trips, meetings",
      text: "Help me plan my week. Ask me what you need to know first.",
    },
    summarize: {
      title: "Summarize a document",
      hint: "Attach a file, then ask",
      text: "Summarize the attached document in five points.",
    },
    abilities: {
      title: "What can you do?",
      hint: "An overview of ConvoSphere",
      text: "What can you do?",
    },
    data: {
      title: "Where is my data stored?",
      hint: "Files, backups, privacy",
      text: "Where is my data stored?",
    },
  },
};
