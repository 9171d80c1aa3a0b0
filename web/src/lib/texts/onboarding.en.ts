export const onboarding = {
  title: "Get started",
  progress: "{{done}} of {{count}} done",
  dismiss: "Hide these steps",
  done: "done",
  model: {
    title: "Connect a model",
    hint: "A provider such as OpenAI, or a server on this machine such as Ollama.",
    action: "Connect",
  },
  people: {
    title: "Invite people",
    hint: "Create accounts for the people who will use ConvoSphere.",
    action: "Add people",
  },
  masterKey: {
    title: "Back up the master key",
    hint: "Without it, neither the data nor its backups can be read. Keep a copy of the file master.key away from the server.",
    action: "I have a copy",
  },
  knowledge: {
    title: "Add knowledge",
    hint: "Upload documents that assistants answer from.",
    action: "New knowledge base",
  },
};
