import type { LanguageName } from './languages.ts'

/** How people of one origin are called, and what they write in. */
export interface Origin {
  readonly given: readonly string[]
  readonly family: readonly string[]
  readonly languages: readonly LanguageName[]
  /** How many of a hundred come from there. */
  readonly share: number
  /** The family's name comes first, and nothing stands between. */
  readonly isFamilyFirst?: boolean
}

const words = (text: string) => text.trim().split(/\s+/)

/** Put together from common given names and made-up or common family names; nobody in particular is meant. */
export const origins: readonly Origin[] = [
  {
    given:
      words(`Ruth Mary Hannah Esther Clara Imogen Tamsin Beatrix Miriam Agnes Phoebe Lydia Martha Naomi Edith Flora
      Harriet Ivy Josephine Keziah Louisa Mabel Nell Olive Prudence Rosalind Susannah Thea Ursula Verity Winifred Zillah
      Abel Barnaby Caleb Daniel Edmund Felix Gideon Hugh Isaac Jasper Kit Linus Matthias Nathaniel Oswin Percy Quentin
      Rufus Silas Tobias Uriah Victor Walter Joel Aidan Bram Conrad Dunstan Ewan Fergus`),
    family:
      words(`Whitlock Pell Orme Thackeray-Bell Ashdown Birkett Cotterill Dunmore Eastlake Fairbairn Garrick Hallow
      Inchbald Jessop Kettering Larkspur Merriweather Netherby Oakhurst Penhallow Quill Ravensdale Sedgewick Thistlewood
      Underhill Vane Wetherby Yardley Amberley Brackenridge Carraway Dovecote Elderfield Farthing Greenhalgh Holloway
      O'Dell O'Marra McTavish MacBride Ironside Juniper Kestrel Lovelace Marchbanks Nightingale Osgood Pemberton Rookwood
      Summerfield Tolliver Upshaw Vickery Winterbourne Applegate Bellweather Cobblestone Drinkwater Everhart Fairweather`),
    languages: ['english'],
    share: 38,
  },
  {
    given:
      words(`Adaeze Chidi Ngozi Emeka Folake Tunde Yetunde Babajide Wanjiru Kamau Achieng Otieno Akinyi Mwende
      Kwame Ama Kofi Efua Yaw Abena Thandiwe Sipho Nomsa Themba Lerato Tadesse Almaz Bekele Selam Tsehay`),
    family:
      words(`Okonjola Adebimpe Nwachima Eze-Nkem Oluwaseyi Afolarin Wambugira Kiprotich-Ole Njorogei Odhiamba
      Mensahene Asanteba Boatenge Owusuaa Dlamo Khumalana Mthemba Nkosiyane Gebreyo Wolde-Amlak Tesfayu`),
    languages: ['english'],
    share: 9,
  },
  {
    given:
      words(`Annegret Brigitte Dörte Elfriede Friederike Gudrun Heike Ilse Jette Käthe Liesel Margarethe Nele Ottilie
      Renate Sieglinde Traudl Ute Waltraud Anselm Bertram Dietmar Eckhart Florian Götz Henning Ingo Jörg Korbinian Lothar
      Moritz Norbert Ortwin Reinhold Sönke Thilo Ulrich Volker Wendelin Jürgen`),
    family:
      words(`Lindhorst Ackermühl Bärenreuter Dornbusch Eichwald Feldhüter Grünspan Habichtsberg Immergrün Jagemann
      Krähenbühl Lerchenfeld Mühlbacher Nußbaumer Ölschläger Pfefferkorn Quellmalz Rosenstock Sägebrecht Tannhäusler
      Uhlenbrock Vogelsang Weißgerber Zaunkönig Süßmilch Schönwetter Apfelstedt Holzäpfel Morgenroth Abendroth`),
    languages: ['german', 'german', 'german', 'english'],
    share: 11,
  },
  {
    given:
      words(`Remedios Consuelo Esperanza Guadalupe Inés Jimena Luz Mercedes Nieves Ofelia Pilar Rocío Soledad Ximena
      Araceli Begoña Fermín Gonzalo Ismael Joaquín Leandro Mateo Néstor Óscar Pascual Ramiro Saúl Tadeo Ulises Vicente
      Aurelio Benigno Cástulo Domingo`),
    family: words(`Arboleda Buenrostro Campoflorido Delrío Espinares Fontanarrosa Guadarrama Huertas Izaguirre
      Jaramillo-Paz Lagunero Montealegre Nogales Olivares-Luna Peñaclara Quintanar Ribagorza Sotomonte Torrealba Urrutiaga
      Valdeolmos Zárate-Ibor Almendros Bermejillo Cienfuegos Doradal Encinas Ibáñezal`),
    languages: ['spanish', 'spanish', 'spanish', 'english'],
    share: 14,
  },
  {
    given:
      words(`מרים שרה רבקה נעמי יעל תמר אסתר דבורה הדסה שולמית אביגיל רות נועה איתן אורי גדעון יונתן נתנאל אליעזר
      עמוס מתן אלון בועז ידידיה`),
    family: words(
      'אלמוגי בן־דור גלבוע דרורי הרדוף ורדי זהבי חרמוני טללי יערי כרמלי לבנוני מורג נחלאי סנאי ערבה פלדרין שקדי',
    ),
    languages: ['hebrew', 'hebrew', 'english'],
    share: 5,
  },
  {
    given:
      words(`مريم سلمى ليلى نادية هدى سميرة رانيا جورجيت حنان أمل وردة تقلا بطرس يوسف إلياس جرجس سامي فادي حنّا
      متّى سمعان نقولا رامي داود`),
    family: words(
      'النجّار الخوري-سعد الحدّاد-نور البستاني-رضا الزيتوني العطّارين الكرمي السنديان الياسمين الفخّاري الورداني المرجاني',
    ),
    languages: ['arabic', 'arabic', 'english'],
    share: 7,
  },
  {
    given: words(`आशा मीरा सुनीता प्रिया रेखा लता अनीता शांति दीपा कविता मरियम ज्योति रवि अमित सुरेश विजय अरुण दीपक
      मनोज राजेश सैमुअल जोसेफ़ प्रकाश आनंद`),
    family: words('वनमाली दीपवंशी मेघवार सागरिया पुष्पेंद्र नदीमथ चंदनवाला आम्रपाली तारकेश ज्ञानदीप सुमनकर किरणपुर'),
    languages: ['hindi', 'hindi', 'english'],
    share: 7,
  },
  {
    given: words(
      '恩慧 佳音 思源 雅歌 以琳 晓光 明月 静文 心怡 春燕 子安 天佑 家豪 建国 文杰 永平 志远 学勤 大卫 约书',
    ),
    family: words('林 周 沈 陆 顾 苏 叶 温 汤 邵 柳 方 白 江 龙 石 向 易'),
    languages: ['chinese', 'chinese', 'english'],
    share: 6,
    isFamilyFirst: true,
  },
  {
    given: words('은혜 지혜 사랑 하늘 소망 다솜 예진 유나 민준 서준 요한 바울 성민 진호 태양 한결'),
    family: words('남궁 선우 황보 제갈 독고 서문 온 추 탁 팽'),
    languages: ['english'],
    share: 3,
    isFamilyFirst: true,
  },
]
