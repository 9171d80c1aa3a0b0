import type * as en from "./home.en";
import type { Arabic } from "./plural";

export const home: Arabic<typeof en.home> = {
  morning: "صباح الخير، {{name}}",
  afternoon: "طاب يومك، {{name}}",
  evening: "مساء الخير، {{name}}",
  suggestions: "اقتراحات",
  connect: "ربط نموذج",
  noModel: "لم يُربط أي نموذج بعد",
  connectHint: "لا يجيب الدليل المدمج إلا عن أسئلة حول ConvoSphere.",
  askAdministrator: "اطلب من المسؤول ربط نموذج.",
  assistantHint: "محادثة هذا المساعد",
  starters: {
    write: {
      title: "اكتب شيئًا",
      hint: "رسائل وملخصات وملاحظات إصدار",
      text: "اكتب رسالة بريد إلكتروني قصيرة وودية تطلب اجتماعًا الأسبوع القادم.",
    },
    code: {
      title: "اشرح شيفرة أو أصلحها",
      hint: "الصقها أو أفلت ملفًا",
      text: "اشرح ما تفعله هذه الشيفرة، وأشر إلى الأخطاء:\n\n",
    },
    plan: {
      title: "ضع خطة",
      hint: "مشاريع ورحلات واجتماعات",
      text: "ساعدني في تخطيط أسبوعي. اسألني أولًا عما تحتاج إلى معرفته.",
    },
    summarize: {
      title: "لخّص مستندًا",
      hint: "أرفق ملفًا ثم اسأل",
      text: "لخّص المستند المرفق في خمس نقاط.",
    },
    abilities: {
      title: "ماذا يمكنك أن تفعل؟",
      hint: "نظرة عامة على ConvoSphere",
      text: "ماذا يمكنك أن تفعل؟",
    },
    data: {
      title: "أين تُخزَّن بياناتي؟",
      hint: "الملفات والنسخ الاحتياطية والخصوصية",
      text: "أين تُخزَّن بياناتي؟",
    },
  },
};
