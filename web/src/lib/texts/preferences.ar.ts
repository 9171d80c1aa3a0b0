import type * as en from "./preferences.en";
import type { Arabic } from "./plural";

export const preferences: Arabic<typeof en.preferences> = {
  general: "عام",
  data: "البيانات",
  dataHint: "صدّر محادثاتك وملفاتك ومعرفتك، أو استوردها من تثبيت آخر أو من ChatGPT.",
  notifyAnswers: "إشعاري عند اكتمال إجابة في الخلفية",
  notificationsBlocked: "الإشعارات محظورة لهذا الموقع في متصفحك.",
  settings: "الإعدادات",
  theme: "المظهر",
  system: "النظام",
  light: "فاتح",
  dark: "داكن",
  language: "اللغة",
  deviceLanguage: "لغة النظام",
  sendOnEnter: "الإرسال بمفتاح Enter",
};
