// The link has the token in its fragment, which browsers never send to a server.
const form = document.getElementById("setup");
const result = document.getElementById("setup-result");
const token = new URLSearchParams(location.hash.slice(1)).get("token");
if (token) {
  form.elements.token.value = token;
  history.replaceState(null, "", location.pathname);
}
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const answer = await fetch("/api/v1/setup", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...Object.fromEntries(new FormData(form)), cookie: true }),
    });
    if (answer.ok) {
      location.reload();
      return;
    }
    result.textContent = (await answer.json()).detail;
  } catch {
    result.textContent = "Cannot reach the server.";
  }
  button.disabled = false;
});
