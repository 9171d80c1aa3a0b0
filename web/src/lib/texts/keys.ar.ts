import type * as en from "./keys.en";
import type { Arabic } from "./plural";

export const keys: Arabic<typeof en.keys> = {
  keys: "اختصارات لوحة المفاتيح",
  palette: "البحث أو الانتقال",
  newChat: "بدء محادثة جديدة",
  sidebar: "فتح الشريط الجانبي أو إغلاقه",
  search: "البحث في المحادثات",
  help: "عرض الاختصارات",
  send: "إرسال الرسالة",
  line: "سطر جديد",
  close: "إيقاف الإجابة أو إغلاق ما هو مفتوح",
};
