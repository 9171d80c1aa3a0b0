/** Text that tries to run a script, to load something from elsewhere, or to leave its place. */
import { addresses } from "./payloads/addresses";
import { code, diagrams, drawings, pages } from "./payloads/fences";
import { formulas } from "./payloads/formulas";
import { html } from "./payloads/html";
import { ACT } from "./payloads/marks";

const structures = [
  `| <img src=x onerror=${ACT}> |\n|---|\n| [x](javascript:${ACT}) |`,
  `- [ ] <input onfocus=${ACT} autofocus>`,
  `[^1]\n\n[^1]: <script>${ACT}</script>`,
  `[^__proto__]\n\n[^__proto__]: x`,
  `[constructor]\n\n[constructor]: javascript:${ACT}`,
  `# <img src=x onerror=${ACT}>`,
  `> <img src=x onerror=${ACT}>`,
  `**<img src=x onerror=${ACT}>**`,
  `${"> ".repeat(300)}x`,
  `${"- ".repeat(150)}x`,
  `${"[".repeat(1_000)}x`,
  `${"*".repeat(2_000)}x`,
  `${"`".repeat(1_000)}x`,
  `${"| a ".repeat(500)}|\n${"|---".repeat(500)}|\n${"| b ".repeat(500)}|`,
];

/** All that a message may be. */
export const PAYLOADS: string[] = [
  ...html,
  ...addresses,
  ...code,
  ...drawings,
  ...diagrams,
  ...pages,
  ...formulas,
  ...structures,
];
