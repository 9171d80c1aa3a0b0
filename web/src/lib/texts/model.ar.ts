import type * as en from "./model.en";
import type { Arabic } from "./plural";

export const model: Arabic<typeof en.model> = {
  choose: "اختيار نموذج أو مساعد",
  current: "النموذج: {{model}}",
  search_zero: "البحث في النماذج",
  search_one: "البحث في نموذج واحد",
  search_two: "البحث في نموذجين",
  search_few: "البحث في {{count}} نماذج",
  search_many: "البحث في {{count}} نموذجًا",
  search_other: "البحث في {{count}} نموذج",
  none: "لا توجد نماذج مطابقة",
  assistants: "المساعدون",
  favorites: "المفضلة",
  guide: "الدليل المدمج",
  builtIn: "مدمج",
  default: "افتراضي",
  defaultAssistant: "المساعد الافتراضي",
  setDefault: "تعيين كنموذجي الافتراضي",
  unavailable: "لم يعد {{model}} متاحًا.",
  use: "استخدام {{model}}",
  isMyDefault: "نموذجك الافتراضي",
  addFavorite: "إضافة إلى المفضلة",
  removeFavorite: "إزالة من المفضلة",
  vision: "صور",
  thinks: "تفكير",
};
