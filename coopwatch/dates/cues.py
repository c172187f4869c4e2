"""The words around a date that tell what it is the date of, per language.

Pieces of regular expressions; those of languages with blanks stand for whole words. Chinese is
written in simplified characters and Arabic with plain alef, as texts are when they are compared.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_NEVER = "(?!)"


class CueWords(NamedTuple):
    """The cues of one language."""

    background: str
    speech: str  # what somebody said on the day
    deadline: str
    event: str
    noun: str  # what takes place
    since: str = _NEVER  # right before a date
    since_after: str = _NEVER  # right behind it
    until: str = _NEVER  # before the last day to apply, if the sentence also has `apply`
    until_after: str = _NEVER
    apply: str = _NEVER
    ahead: str = _NEVER  # what is told still lies ahead
    is_verb_last: bool = False  # the verb stands behind its date, and words are not divided by blanks


CUES = {
    "en": CueWords(
        background=r"(?:press|news|media) (?:conference|briefing)s?(?: (?:held|hosted|given|organi[sz]ed))?"
        r"|founded|born|died|expired?|expires|lapsed?|dates? back|dating back|dated|as of"
        r"|anniversary|previous|previously|photo|taken|proposed|published|first held",
        speech=r"said|says|saying|told|tells|stated|noted|added|wrote|tweeted|reported|reports|announced?"
        r"|announces|announcing|announcement|confirmed|commented|remarked|revealed|disclosed|pointed out"
        r"|emphasi[sz]ed|stressed|according to|interview|interviewed|statement|quoted|warned|alleged|claimed"
        r"|explained",
        deadline=r"deadlines?|closing date|cut-?off|due date|no later than",
        event=r"hold|holds|held|holding|t(?:ake|akes|ook|aking) place|open|opens|opened|opening"
        r"|kick(?:s|ed|ing)? off|conclud(?:e|es|ed|ing)|clos(?:es|ed|ing)|runs?|ran|running"
        r"|begins?|began|beginning"
        r"|start(?:s|ed|ing)?|conven(?:e|es|ed|ing)|host(?:s|ed|ing)?|gather(?:s|ed|ing)?|attend(?:s|ed|ing)?"
        r"|participat(?:e|es|ed|ing)|inaugurat(?:e|es|ed|ing)|launch(?:es|ed|ing)?|sign(?:s|ed|ing)?"
        r"|inks?|inked"
        r"|met|meets?|scheduled|slated|set for|visit(?:s|ed|ing)?|unveil(?:s|ed|ing)?|join(?:s|ed|ing)?"
        r"|extend(?:s|ed|ing)?|renew(?:s|ed|ing)?|adopt(?:s|ed|ing)?|approv(?:es|ed)|releas(?:es|ed)"
        r"|establish(?:es|ed)"
        r"|set up|wrap(?:s|ped|ping)? up|ends?|ended|last(?:s|ed)|celebrat(?:es|ed)",
        noun=r"conference|congress|forum|summit|symposium|workshop|seminar|meeting|exhibition|expo|fair"
        r"|ceremony|talks",
        since=r"since|as of|effective(?: from| on)?|back (?:in|on)",
        until=r"by|before|until|till|no later than",
        apply=r"submit|submitted|submissions?|appl(?:y|ied|ications?)|regist(?:er|ered|ration)"
        r"|nominat(?:e|ed|ions?)|proposals?|abstracts?|papers due",
        ahead=r"will|shall|upcoming|scheduled|slated|due to|plans? to|planned|(?:is|are|be|set|expected) to"
        r"|opens|begins|starts|kicks off|takes place|convenes|launches",
    ),
    "fr": CueWords(
        background=r"conférence de presse|point de presse|fondée?|créée? en|anniversaire|datée?|née?"
        r"|décédée?|mort",
        speech=r"a (?:déclaré|annoncé|indiqué|affirmé|précisé|ajouté|souligné|estimé|assuré|confirmé|dit)"
        r"|ont annoncé|annoncée?s?"
        r"|selon|communiqué|déclarait|interview",
        deadline=r"date limite|au plus tard|clôture des",
        event=r"lieu|tenue?s?|tient|tiendra|tiendront|ouvre|ouvert|ouverte|ouvrira|ouverture|inaugurée?"
        r"|inauguration|signée?s?"
        r"|signature|lancée?s?|lancement|réuni(?:e|s|es|t|ssent|ront|ra)?|accueille|accueillera|accueilli"
        r"|organisée?s?"
        r"|débute|débutera|débuté|commence(?:ra|é)?|clos|clôturée?|achevée?s?|s['’]achève|participée?"
        r"|rencontrée?s?"
        r"|déroule(?:ra|nt)?|déroulée?s?|visité|rendu",
        noun=r"conférence|forum|sommet|colloque|congrès|atelier|réunion|salon|séminaire|symposium",
        since=r"depuis(?: le)?|à (?:partir|compter) du|dès le",
        until=r"avant le|jusqu['’]au",
        apply=r"candidatures?|inscriptions?|soumissions?|dépôt|propositions",
        ahead=r"\w{2,12}(?:era|eront|ira|iront|dra|dront)|aura|auront|sera|seront|prévue?s?|attendue?s?"
        r"|prochaine?|doit|va|vont",
    ),
    "es": CueWords(
        background=r"rueda de prensa|conferencia de prensa|fundad[ao]|aniversario|nacid[ao]|nació|murió"
        r"|falleció|creado en",
        speech=r"dijo|dijeron|declaró|afirmó|anunció|anunciaron|anunciado|señaló|indicó|según|comunicado"
        r"|explicó|informó|aseguró"
        r"|manifestó|confirmó|expresó|entrevista|destacó",
        deadline=r"fecha límite|plazo|a más tardar",
        event=r"celebr\w{1,8}|lugar|inaugur\w{1,8}|firm(?:ó|aron|ado|ada|arán|ará|a)|abri(?:ó|rá|eron)"
        r"|abre|comenzó|comenzará|comienza"
        r"|clausur\w{1,8}|conclu(?:yó|irá|ye)|reuni(?:ó|eron|rá|rán|do)|reúnen?|lanz(?:ó|ado|ará)"
        r"|organiz\w{1,8}|particip\w{1,6}"
        r"|realiz\w{1,8}|desarroll(?:ó|ará|a)|llev(?:ó|ará) a cabo|inici(?:ó|ará|a)|visit(?:ó|ará)"
        r"|acog(?:ió|erá|e)|suscribi\w{1,6}",
        noun=r"conferencia|foro|cumbre|simposio|congreso|taller|reunión|feria|encuentro|seminario",
        since=r"desde(?: el)?|a partir del",
        until=r"antes del|hasta el",
        apply=r"solicitudes?|inscripci(?:ón|ones)|candidaturas?|propuestas|postula\w{1,8}|convocatoria",
        ahead=r"\w{2,12}(?:ará|arán|erá|erán|irá|irán)|tendrán?|previst[oa]s?|próxim[oa]|va a|van a",
    ),
    "pt": CueWords(
        background=r"coletiva de imprensa|conferência de imprensa|entrevista coletiva|fundad[ao]"
        r"|aniversário|nascid[ao]|nasceu|morreu"
        r"|faleceu|criad[ao] em",
        speech=r"disse|disseram|declarou|afirmou|anunciou|anunciaram|anunciad[ao]|informou|segundo"
        r"|comunicado|explicou|destacou"
        r"|ressaltou|confirmou|entrevista|apontou",
        deadline=r"prazo|data[- ]limite|no máximo até",
        event=r"realiz\w{1,8}|acontec\w{1,6}|ocorr\w{1,6}|lugar|celebr\w{1,8}|inaugur\w{1,8}|assin(?:ou"
        r"|aram|ado|ada|arão|ará|atura)"
        r"|abr(?:iu|irá|e|iram)|abertura|começ(?:ou|ará|a|am)|encerr\w{1,6}|termin(?:ou|ará|a)|reuni(?:u"
        r"|ram|rá|rão|ão)|reúnem?"
        r"|lanç(?:ou|ado|ada|ará|amento)|organiz\w{1,8}|particip\w{1,6}|decorr\w{1,6}|visit(?:ou|ará)"
        r"|receb(?:e|eu|erá)|sedi(?:a|ou|ará)",
        noun=r"conferência|fórum|cúpula|cimeira|simpósio|congresso|oficina|reunião|feira|encontro"
        r"|seminário|workshop",
        since=r"desde(?: o| a)?|a partir d[eo]",
        until=r"antes d[eo]|até(?: o| ao)?(?: dia)?",
        apply=r"inscriç(?:ão|ões)|candidaturas?|submiss(?:ão|ões)|propostas|edital",
        ahead=r"\w{2,12}(?:ará|arão|erá|erão|irá|irão)|terá|terão|previst[oa]s?|próxim[oa]|vai|vão",
    ),
    "de": CueWords(
        background=r"pressekonferenz|gegründet|jahrestag|geboren|gestorben|datiert",
        speech=r"sagte|sagten|erklärte|erklärten|teilte|teilten|mitgeteilt|betonte|laut|ankündigte"
        r"|kündigte|kündigten|berichtete"
        r"|angekündigt|verkündete|bestätigte|schrieb|gesagt",
        deadline=r"einsendeschluss|anmeldeschluss|bewerbungsfrist|frist|spätestens|bewerbungsschluss",
        event=r"statt|stattfinden|stattfand|stattgefunden|findet|fand|finden|fanden|eröffnet|eröffnete"
        r"|eröffnung|beginnt|begann|beginnen"
        r"|begonnen|beginn|endet|endete|unterzeichnet|unterzeichneten|unterzeichnete|getroffen|trafen"
        r"|treffen|traf|veranstaltet|lädt"
        r"|startet|startete|gestartet|tagt|tagte|tagen|versammel\w{1,4}|besucht|besuchte|läuft|lief"
        r"|vorgestellt|eingeweiht|teil",
        noun=r"konferenz|forum|gipfel|tagung|symposium|kongress|workshop|messe|\w{2,20}(?:konferenz"
        r"|gipfel|tagung|messe|kongress)",
        since=r"seit(?: dem)?|ab(?: dem)?|stand",
        until=r"bis(?: zum)?",
        apply=r"bewerb\w{1,8}|anmeld\w{1,8}|einreich\w{1,6}|einzureichen|beiträge",
        ahead=r"wird|werden|soll|sollen|geplant|kommend\w{1,3}|steht|stehen",
    ),
    "ru": CueWords(
        background=r"пресс-конференци\w|брифинг\w{0,2}|основан\w?|родил\w{1,4}|скончал\w{1,4}|годовщин\w"
        r"|летия|датирован\w{0,2}",
        speech=r"сообщил\w?|сообщает\w{0,2}|сообщили|заявил\w?|сказал\w?|отметил\w?|подчеркнул\w?"
        r"|рассказал\w?|объявил\w?|добавил\w?"
        r"|уточнил\w?|пояснил\w?|по данным|по словам|передает|передаёт|интервью|заявлени\w",
        deadline=r"дедлайн|крайний срок|не позднее",
        event=r"состо(?:ится|ятся|ял\w{2}|ялся)|пройд(?:ет|ёт|ут)|прош(?:ел|ёл|л\w)|проход\w{1,5}"
        r"|откр(?:ыл\w{0,3}|оет\w{0,2}|ывает\w{0,2}|ыт\w?|ытие)"
        r"|подпис(?:ал\w?|али|ан\w{0,2}|ание|ания)|пров(?:ел\w?|ёл|едет|едёт|одит\w{0,2}|одил\w{0,3})"
        r"|нач(?:ал\w{0,3}|нет\w{0,2}|нёт\w{0,2})"
        r"|начина\w{2,5}|заверш\w{2,6}|закры\w{2,5}|стартова\w{1,2}|стартует|встре(?:тил\w{1,3}"
        r"|тят\w{1,2}|ча)|собра\w{2,4}|принял\w? участие"
        r"|посетил\w?|запусти\w{1,2}|запущен\w?|организ\w{2,6}|примет\w? участие|прибыл\w?",
        noun=r"конференци\w|форум\w{0,2}|саммит\w{0,2}|симпозиум\w{0,2}|конгресс\w{0,2}|семинар\w{0,2}"
        r"|заседани\w|выставк\w|переговор\w{1,2}|встреч\w",
        since=r"начиная с|по состоянию на|ещ[её]",
        until=r"до|не позднее|по",
        apply=r"заявк\w{0,2}|регистраци\w|подать|при[её]м|тезис\w{0,2}",
        ahead=r"будет|будут|состоится|состоятся|пройд(?:ет|ёт|ут)|начн(?:ет|ёт|ут)\w{0,2}|откроет\w{0,2}"
        r"|планирует\w{0,2}|намечен\w{0,2}|запланирован\w{0,2}|предстоящ\w{2,3}",
    ),
    "ar": CueWords(
        background=r"(?:ال)?مؤتمر\w{0,2} (?:ال)?صحفي\w?|تاسس\w{0,2}|(?:ال)?ذكرى|ولد\w?|توفي\w?|مولود",
        speech=r"[وف]?(?:قال\w?|اعلن\w{0,2}|صرح\w?|اكد\w?|اضاف\w?|ذكر\w?|اوضح\w?|اشار\w?|بحسب|وفقا"
        r"|افاد\w?)|(?:ال)?بيان|تصريح\w{0,3}",
        deadline=r"(?:ال)?موعد (?:ال)?نهائي|اخر موعد|في موعد اقصاه|اقصاه",
        event=r"\w{0,2}(?:نعقد|انعقد|عقد|نعقاد|فتتح|فتتاح|نظم|ستضيف|ستضاف|ختتم|ختتام|حتضن|شارك|دشن|طلق"
        r"|نطلاق|نطلق|وقع|توقيع|تقام|يقام|اقيم"
        r"|التقى|لتقي|جتمع|زار|يزور|بدا|بدات|تبدا|يبدا|تستمر|يستمر|قام)\w{0,2}",
        noun=r"[بلو]?(?:ال)?(?:مؤتمر|منتدى|قمة|ندوة|معرض|اجتماع|ورشة|ملتقى)",
        since=r"منذ|اعتبارا من|ابتداء من",
        until=r"قبل|حتى",
        apply=r"\w{0,3}(?:تقديم|تسجيل|ترشح|ترشيح|طلبات)",
        ahead=r"س[يتن]\w{2,9}|سوف|المقرر|المقبل\w?|القادم\w?|المزمع|المرتقب",
    ),
    "zh": CueWords(
        is_verb_last=True,
        background=r"(?:举行|召开|举办)[^，。；\n]{0,25}(?:发布会|记者会|吹风会)|发布会|记者会|吹风会"
        r"|发布[^，。；\n]{0,6}(?:消息|数据|通报|公告|声明|通知|预警)|周年|成立于|创立|建交|出生|此前|拍摄",
        speech=r"表示|指出|介绍|宣布|透露|强调|认为|获悉|报道|消息|说|称",
        deadline=r"截止|为止|之前报名",
        event=r"举行|召开|举办|开幕|闭幕|启动|签署|签订|揭牌|成立|启用|拉开帷幕|落幕|揭幕|开馆|开始|启程"
        r"|抵达|访问|会见|会谈"
        r"|开启|结束|亮相|发布|出席|参加",
        noun=r"大会|论坛|峰会|会议|研讨会|年会|博览会",
        since=r"自从?|截[至止]到?|早在",
        since_after=r"以来|起施行|起实施|起生效",
        ahead=r"将",
    ),
    "ja": CueWords(
        is_verb_last=True,
        background=r"記者会見|創立|創業|生まれ|死去|周年|撮影|発売|付",
        speech=r"発表し|明らかにし|述べ|語っ|話し|表明|によると|報じ|伝え|強調|投稿",
        deadline=r"締め?切り?|応募|必着",
        event=r"開か|開催|開幕|閉幕|開会|閉会|行わ|始ま|開始|終わ|終了|署名|調印|締結|発足|開所|開設|設立"
        r"|会談|会合|訪問|訪れ|参加|出席"
        r"|開い|開く|開きま|迎え|実施|打ち上げ",
        noun=r"会議|大会|フォーラム|サミット|シンポジウム|学会|セミナー|展示会|総会",
        since_after=r"以来|以降|現在",
        until_after=r"まで",
        apply=r"申し?込|登録|提出|受け?付|応募",
        ahead=r"予定|開かれる|開催される|行われる|始まる|開幕する|へ。|見通し|開く。",
    ),
    "ko": CueWords(
        is_verb_last=True,
        background=r"기자회견|창립|설립된|태어|별세|사망|주년|촬영|기념일|출시",
        speech=r"밝혔|말했|전했|발표|강조|설명|에 따르면|보도|덧붙|언급|주장",
        deadline=r"마감|접수 기한",
        event=r"열린|열렸|열려|열고|연다|열릴|개최|개막|폐막|진행|시작|체결|서명|출범|개소|설립|만나|만났"
        r"|회담|방문|참석|마련|착수|가졌|막을|개관|개회",
        noun=r"회의|대회|포럼|정상회의|심포지엄|학술대회|세미나|총회|박람회|컨퍼런스",
        since_after=r"이후|이래|현재|부터 시행",
        until_after=r"까지",
        apply=r"신청|접수|등록|제출|모집|공모",
        ahead=r"예정|열린다|개최한다|개최된다|계획|열릴|개막한다|진행한다",
    ),
}  # fmt: skip


class Cues(NamedTuple):
    """The cues of one language, compiled."""

    nearest: re.Pattern[str]  # with one group a role: background, speech, deadline, event, noun
    since: re.Pattern[str]
    since_after: re.Pattern[str]
    until: re.Pattern[str]
    until_after: re.Pattern[str]
    apply: re.Pattern[str]
    ahead: re.Pattern[str]
    is_verb_last: bool


@lru_cache
def load_cues(language: str) -> Cues | None:
    """Return the cues of a base language, None when it has none."""
    words = CUES.get(language)
    if words is None:
        return None
    edge, blank = ("", r"\s?") if words.is_verb_last else (r"\b", r"\s+")
    roles = ("background", "speech", "deadline", "event", "noun")
    groups = "|".join(f"(?P<{role}>{getattr(words, role)})" for role in roles)

    def compile_words(pattern: str) -> re.Pattern[str]:
        return re.compile(f"{edge}(?:{pattern}){edge}", re.IGNORECASE)

    def compile_before(pattern: str) -> re.Pattern[str]:
        return re.compile(rf"{edge}(?:{pattern}){blank}\Z", re.IGNORECASE)

    return Cues(
        nearest=compile_words(groups),
        since=compile_before(words.since),
        since_after=re.compile(rf"\s?(?:{words.since_after})"),
        until=compile_before(words.until),
        until_after=re.compile(rf"\s?(?:{words.until_after})"),
        apply=compile_words(words.apply),
        ahead=compile_words(words.ahead),
        is_verb_last=words.is_verb_last,
    )
