import type * as en from "./group.en";
import type { Arabic } from "./plural";

export const group: Arabic<typeof en.group> = {
  groups: "المجموعات",
  new: "مجموعة جديدة",
  create: "إنشاء",
  form: "المجموعة",
  name: "الاسم",
  description: "الوصف",
  members: "الأعضاء",
  none: "لا توجد مجموعات بعد. أنشئ واحدة لمشاركة المعرفة مع أعضائها.",
  empty: "لا يوجد أعضاء بعد",
  add: "إضافة عضو",
  email: "البريد الإلكتروني",
  remove: "إزالة",
  delete: "حذف المجموعة",
  deleteTitle: "حذف «{{name}}»؟",
  about: "يمكن لأعضاء المجموعة استخدام المعرفة المشتركة معها.",
  created: "تاريخ الإنشاء",
  since: "عضو منذ",
  nameOrEmail: "الاسم أو البريد الإلكتروني",
  removed: "تمت إزالة {{name}}",
  deleteHint: "يفقد الأعضاء حق الوصول إلى ما شورك مع هذه المجموعة. تبقى الحسابات والمعرفة.",
};
