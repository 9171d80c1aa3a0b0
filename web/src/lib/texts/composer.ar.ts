import type * as en from "./composer.en";
import type { Arabic } from "./plural";

export const composer: Arabic<typeof en.composer> = {
  ask: "اسأل عن أي شيء",
  askAssistant: "مراسلة {{assistant}}",
  attach: "إرفاق ملفات",
  attachments: "الملفات المرفقة",
  remove: "إزالة {{name}}",
  drop: "أفلت الملفات لإرفاقها",
  pastedText: "نص ملصق",
  unreadable: "لا يمكن قراءة هذا النوع من الملفات. أرفق ملف PDF أو مستند Office أو نصًا أو صورة بدلًا منه.",
  noVision: "لا يستطيع {{model}} رؤية الصور. اختر نموذجًا يراها، أو أزل الصورة.",
  removeRefused: "أزل الملفات التي لا يمكن إرسالها",
  uploading: "في انتظار اكتمال الرفع",
  send: "إرسال",
  sendAfter: "الإرسال بعد هذه الإجابة",
  stop: "إيقاف",
  archived: "هذه المحادثة مؤرشفة",
  trashed: "هذه المحادثة في سلة المهملات",
  disclaimer: "قد تخطئ النماذج. تحقق من الإجابات المهمة.",
};
