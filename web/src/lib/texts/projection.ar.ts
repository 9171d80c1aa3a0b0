import type * as en from "./projection.en";
import type { Arabic } from "./plural";

export const projection: Arabic<typeof en.projection> = {
  projections: "نماذج القراءة",
  description: "جداول مبنية من سجل الأحداث للقراءة السريعة. يمكن إعادة بناء كل منها من السجل في أي وقت.",
  name: "نموذج القراءة",
  version: "v{{version}}",
  state: "الحالة",
  current: "محدّث",
  catchingUp: "يلحق بالركب",
  hasParked: "كائنات فشلت معالجتها",
  position: "الموضع",
  lag: "التأخر",
  parked: "فشلت",
  parkedHint:
    "لهذه الكائنات حدث لا يستطيع نموذج القراءة هذا تطبيقه، كحدث من إصدار أحدث مثلًا. تبقى قديمة إلى أن تُعاد المحاولة، ولا يتأثر ما عداها.",
  actions: "الإجراءات",
  actionsOf: "إجراءات {{name}}",
  rebuild: "إعادة البناء",
  rebuildTitle: "إعادة بناء {{name}}؟",
  rebuildHint: "يُعاد بناؤه من سجل الأحداث كله، وقد يستغرق ذلك دقائق. تبقى البيانات القديمة مقروءة في هذه الأثناء.",
  rebuilding_zero: "جارٍ إعادة البناء…",
  rebuilding_one: "جارٍ إعادة البناء… حدث واحد",
  rebuilding_two: "جارٍ إعادة البناء… حدثان",
  rebuilding_few: "جارٍ إعادة البناء… {{count}} أحداث",
  rebuilding_many: "جارٍ إعادة البناء… {{count}} حدثًا",
  rebuilding_other: "جارٍ إعادة البناء… {{count}} حدث",
  rebuilt: "أُعيد بناء {{name}}",
  parkedAt: "عند الموضع {{position}}:",
  retryOf: "إعادة محاولة {{id}}",
};
