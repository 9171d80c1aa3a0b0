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
  unreadable: {
    empty: "هذا الملف فارغ.",
    imageSize: "ترفض النماذج الصور التي يزيد حجمها على {{limit}}. أرفق صورة أصغر.",
    imageFormat: "لا تستطيع النماذج قراءة تنسيق هذه الصورة. احفظها بتنسيق PNG أو JPEG.",
    recording: "التسجيلات غير مدعومة.",
    oldOffice: "هذا تنسيق Office قديم. احفظ الملف بتنسيق DOCX أو XLSX أو PPTX.",
    outlook: "هذه رسالة Outlook. احفظها كنص أو PDF.",
    protected: "هذا الملف محمي بكلمة مرور أو بتنسيق Office قديم. احفظه بلا كلمة مرور بتنسيق DOCX أو XLSX أو PPTX.",
    archive: "هذا ملف مضغوط. فك ضغطه وأرفق الملفات التي فيه.",
    type: "لا يمكن قراءة هذا النوع من الملفات. أرفق ملف PDF أو مستند Office أو نصًا أو صورة بدلًا منه.",
  },
  noVision: "لا يستطيع {{model}} رؤية الصور. اختر نموذجًا يراها، أو أزل الصورة.",
  removeRefused: "أزل الملفات التي لا يمكن إرسالها",
  uploading: "في انتظار اكتمال الرفع",
  send: "إرسال",
  notSent: "لم تُرسَل رسالتك.",
  sendAfter: "الإرسال بعد هذه الإجابة",
  stop: "إيقاف",
  archived: "هذه المحادثة مؤرشفة",
  trashed: "هذه المحادثة في سلة المهملات",
  disclaimer: "قد تخطئ النماذج. تحقق من الإجابات المهمة.",
};
