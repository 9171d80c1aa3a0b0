import type * as en from "./onboarding.en";
import type { Arabic } from "./plural";

export const onboarding: Arabic<typeof en.onboarding> = {
  title: "البدء",
  progress: "اكتمل {{done}} من {{count}}",
  dismiss: "إخفاء هذه الخطوات",
  done: "تم",
  model: {
    title: "ربط نموذج",
    hint: "مزوّد مثل OpenAI، أو خادم على هذا الجهاز مثل Ollama.",
    action: "ربط",
  },
  people: {
    title: "دعوة الأشخاص",
    hint: "أنشئ حسابات لمن سيستخدمون ConvoSphere.",
    action: "إضافة أشخاص",
  },
  masterKey: {
    title: "نسخ المفتاح الرئيسي احتياطيًا",
    hint: "من دونه لا يمكن قراءة البيانات ولا نسخها الاحتياطية. احتفظ بنسخة من الملف master.key بعيدًا عن الخادم.",
    action: "لديّ نسخة",
  },
  knowledge: {
    title: "إضافة المعرفة",
    hint: "ارفع مستندات يجيب المساعدون منها.",
    action: "قاعدة معرفة جديدة",
  },
};
