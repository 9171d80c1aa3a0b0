import type * as en from "./markdown.en";
import type { Arabic } from "./plural";

export const markdown: Arabic<typeof en.markdown> = {
  code: "الشيفرة",
  preview: "معاينة",
  view: "العرض",
  previewFailed: "تعذّر عرض هذا: {{reason}}",
  invalidSvg: "ملف SVG غير صالح",
  wrapLines: "التفاف الأسطر",
  download: "تنزيل",
  showLines: "عرض كل الأسطر ({{count}})",
  showFewerLines: "عرض أسطر أقل",
  rows: "{{shown, number}} من {{count, number}} صفوف",
  moreRows: "عرض المزيد",
  enlarge: "تكبير {{name}}",
  externalImage: "صورة خارجية",
  externalImageOf: "صورة خارجية: {{name}}",
  done: "منجز",
  toDo: "للتنفيذ",
  footnotes: "الحواشي",
  footnote: "الحاشية {{number}}",
  backToText: "العودة إلى الحاشية {{number}} في النص",
};
