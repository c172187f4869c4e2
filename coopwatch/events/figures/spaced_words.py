"""The words by which figures are told apart in the languages with blanks, English aside."""
# ruff: noqa: E501 - tables of words

from collections.abc import Mapping

from coopwatch.events.figures.romance_words import ROMANCE
from coopwatch.events.figures.words import FigureWords

FIGURE_WORDS: Mapping[str, FigureWords] = {
    **ROMANCE,
    "de": FigureWords(
        attendees=r"teilnehmer(?:n|innen|\w?innen)?|teilnehmende[nr]?|tagungsgäste\w?|kongressbesucher\w{0,5}",
        company=r"delegierten?|gäste\w?|besucher\w{0,5}|vertreter\w{0,5}",
        persons="menschen|personen",
        trades={
            "experts": r"expert\w{1,7}|fachleuten?|spezialist\w{1,6}|sachverständigen?",
            "scientists": r"wissenschaftler\w{0,7}|forscher\w{0,7}|forschende[nr]?",
            "students": r"student\w{1,6}|studierenden?|schüler\w{0,6}",
            "ministers": r"minister\w{0,6}",
            "entrepreneurs": r"unternehmer\w{0,6}|gründer\w{0,6}",
            "speakers": r"referent\w{1,6}|redner\w{0,6}",
            "exhibitors": r"aussteller\w{0,6}",
            "journalists": r"journalist\w{1,6}",
        },
        things={
            "countries": "ländern?|staaten|nationen",
            "organisations": "organisationen|institutionen|einrichtungen",
            "organisations.universities": "universitäten|hochschulen",
            "organisations.institutes": "institute|instituten|laboren|labore",
            "organisations.companies": "unternehmen|firmen",
            "agreements": "abkommen|vereinbarungen|absichtserklärungen|verträge|verträgen|memoranden",
            "projects": r"(?:\w{1,20})?projekten?",
        },
        linkers="von|der",
        breaks="aus|in|im|an|am|auf|zu|zum|zur|für|von|mit|bei|die|der|das|den|dem|des|und|oder|haben|hat|ist|sind|war|waren"
        "|jahren?|prozent",
        events=r"\w{0,20}(?:konferenz|kongress|forum|gipfel|symposium|tagung|workshop|seminar|messe|treffen|versammlung"
        r"|veranstaltung)|ausstellung|zeremonie|fachtagung",
        gathered=r"teil(?:genommen|nehmen|nahmen)|nahmen|nehmen|versammel\w{1,4}|zusammen(?:gekommen|kommen|kamen)|kamen|trafen"
        r"|treffen|angereist|begrüß\w{1,3}|beteilig\w{1,4}|brachte|zusammengebracht|diskutier\w{1,3}|anwesend\w{0,2}",
        origins="(?:aus|von|unter)",
        signed=r"unterzeichn\w{1,4}|unterschr\w{1,6}|geschlossen|vereinbart",
        started=r"gestartet|starten|geförder\w{1,2}|förder\w{1,3}|ausgewählt\w{0,2}|angekündigt|begonnen|unterstütz\w{1,3}",
        funded=r"förder\w{1,8}|geförder\w{1,2}|investi\w{1,9}|finanzier\w{1,4}|zuschuss|budget|etat|stell(?:t|en) bereit"
        r"|bereitgestellt|mittel|fonds|stipendien",
        not_funding=r"umsatz|umsätze|gewinn\w{0,2}|strafen?|bußgeld\w{0,2}|verlust\w{0,2}|schulden|exporte?n?|importe?n?|handel"
        r"|markt|gehalt|gehälter|kredite?|steuern?|schäden|schaden|verkauf\w{0,2}",
        years="jahre|jahren",
        lasting=r"(?:verlänger|gilt|gültig|laufzeit|dauer|läuft|vereinbar|abkommen|programm)\w{0,8}"
        r"[^.;]{0,60}\b(?:um|für|von|über|auf)(?:\s+weitere)?\s*\Z",
        parts={
            "international": r"international\w{0,2}|ausländisch\w{0,2}",
            "domestic": r"einheimisch\w{0,2}|deutsche[nr]?",
            "online": "online|virtuell\\w{0,2}",
            "onsite": "vor ort|in präsenz",
        },
        of_some="afrikas|europas|asiens|der eu",
        including="darunter|davon|einschließlich",
        ahead=r"werden|wird|sollen|soll|erwartet\w{0,2}|rechnen",
        elsewhere=r"im vorjahr|im vergangenen jahr|letzten? jahr|vorherigen?|bisher|seit|jedes jahr|jährlich|pro jahr"
        r"|im jahr (?:19|20)\d\d",
        this_time="in diesem jahr|dieses jahr|heuer",
        not_people="studie|umfrage|befragten?|patienten|probanden|wahl|wahlen|demonstrant\\w{1,4}|demonstration",
    ),
    "ru": FigureWords(
        attendees=r"участник\w{0,3}",
        company=r"делегат\w{0,3}|гост\w{1,3}|посетител\w{1,3}|представител\w{1,3}",
        persons=r"человек\w{0,2}|люд\w{1,3}",
        trades={
            "experts": r"эксперт\w{0,3}|специалист\w{0,3}",
            "scientists": r"уч[её]н\w{1,3}",
            "researchers": r"исследовател\w{1,3}",
            "students": r"студент\w{0,3}|школьник\w{0,3}",
            "ministers": r"министр\w{0,3}",
            "entrepreneurs": r"предпринимател\w{1,3}",
            "speakers": r"спикер\w{0,3}|докладчик\w{0,3}",
            "journalists": r"журналист\w{0,3}",
        },
        things={
            "countries": r"стран\w{0,3}|государств\w{0,3}",
            "organisations": r"организаци\w{1,2}|учреждени\w{1,2}",
            "organisations.universities": r"университет\w{0,3}|вуз\w{0,3}",
            "organisations.institutes": r"институт\w{0,3}|лаборатори\w{1,3}",
            "organisations.companies": r"компани\w{1,3}|предприяти\w{1,3}",
            "agreements": r"соглашени\w{1,3}|меморандум\w{0,3}|договор\w{0,3}|контракт\w{0,3}|документ\w{0,3}",
            "projects": r"проект\w{0,3}",
        },
        linkers="чел",
        breaks="из|в|во|на|и|или|от|для|по|с|со|о|об|что|это|был|были|лет|года|процент\\w{0,3}",
        events=r"конференци\w{1,3}|конгресс\w{0,3}|форум\w{0,3}|саммит\w{0,3}|симпозиум\w{0,3}|семинар\w{0,3}|выставк\w{1,3}"
        r"|встреч\w{1,3}|заседани\w{1,3}|совещани\w{1,3}|мероприяти\w{1,3}|съезд\w{0,3}|фестивал\w{1,3}|школ\w{1,3}",
        gathered=r"участву\w{1,4}|участи\w{1,2}|собра\w{1,5}|приехал\w?|прибыл\w?|объедин\w{1,4}|посетил\w?|пригла\w{2,8}"
        r"|зарегистрир\w{1,8}|присутств\w{1,6}|выступ\w{1,5}",
        origins="(?:из|от|более чем из)",
        signed=r"подпис\w{1,6}|заключ\w{1,6}",
        started=r"запу\w{2,7}|поддерж\w{2,5}|отобра\w{1,4}|профинансир\w{1,7}|реализ\w{1,7}|представ\w{1,6}",
        funded=r"финансир\w{1,8}|выдел\w{1,5}|инвест\w{1,7}|грант\w{0,3}|бюджет\w{0,2}|субсиди\w{1,2}|направ\w{1,5}",
        not_funding=r"выручк\w|продаж\w{0,2}|штраф\w{0,2}|прибыл\w|убыт\w{1,4}|долг\w{0,2}|экспорт\w{0,2}|импорт\w{0,2}"
        r"|товарооборот\w?|рын\w{2,3}|налог\w{0,2}|ущерб\w?|кредит\w{0,2}|торгов\w{1,3}",
        years="лет|года",
        lasting=r"(?:прод[ло]\w{1,6}|действ\w{1,6}|сроком|срок|рассчитан\w?|соглашени\w|программ\w)[^.;]{0,60}\bна\s*\Z",
        parts={
            "international": r"иностранн\w{1,3}|зарубежн\w{1,3}|международн\w{1,3}",
            "domestic": r"российск\w{1,3}|отечественн\w{1,3}",
            "online": "онлайн|дистанционно",
            "onsite": "очно",
        },
        of_some=r"африки|азии|европы|снг|ес|африканск\w{1,3}|европейск\w{1,3}|член\w{1,3}",
        including="в том числе|среди них|включая|из них",
        ahead=r"примут|соберет|соберёт|планиру\w{1,4}|ожида\w{1,4}|будут|будет|предполага\w{1,4}",
        elsewhere=r"в прошлом году|прошлый форум|предыдущ\w{2,3}|ежегодно|каждый год|в год|за последни\w|с начала|до сих пор"
        r"|в (?:19|20)\d\d году",
        this_time="в этом году|в нынешнем году",
        not_people=r"исследовани\w приня\w{1,3}|опрос\w{0,3}|пациент\w{0,3}|выбор\w{1,3}|митинг\w{0,3}",
    ),
    "ar": FigureWords(
        attendees="مشارك(?:ا|اً|ين|ة)?|مشاركاً",
        company="مندوب(?:ا|اً|ين)?|ضيف(?:ا|اً)?|ضيوف|زائر(?:ا|اً)?|ممثل(?:ا|اً|ين)?|شخصية",
        persons="شخص(?:ا|اً)?|أشخاص",
        trades={
            "experts": "خبير(?:ا|اً)?|خبراء|مختص(?:ا|اً|ين)?|متخصص(?:ا|اً|ين)?",
            "scientists": "عالم(?:ا|اً)?|علماء",
            "researchers": "باحث(?:ا|اً|ين)?",
            "students": "طالب(?:ا|اً)?|طلاب|طالبة",
            "ministers": "وزير(?:ا|اً)?|وزراء",
            "speakers": "متحدث(?:ا|اً|ين)?",
            "exhibitors": "عارض(?:ا|اً|ين)?",
        },
        things={
            "countries": "دولة|دول|بلدا|بلداً|بلد|بلدان",
            "organisations": "منظمة|منظمات|مؤسسة|مؤسسات|جهة|هيئة",
            "organisations.universities": "جامعة|جامعات",
            "organisations.institutes": "معهدا|معاهد|مختبرا|مختبرات",
            "organisations.companies": "شركة|شركات",
            "agreements": "اتفاقية|اتفاقيات|اتفاقا|اتفاقات|مذكرة|مذكرات|عقدا|عقود|وثيقة",
            "projects": "مشروعا|مشروعاً|مشروع|مشاريع",
        },
        linkers="من",
        breaks="في|من|إلى|على|عن|مع|أن|التي|الذي|و|سنة|سنوات|عاما",
        events="(?:ال|لل|بال|وال)?(?:مؤتمر|منتدى|قمة|ندوة|ورشة|ملتقى|معرض|اجتماع|لقاء|حفل|فعالية|فعاليات|الجمعية)",
        gathered="(?:و|ب|وب)?(?:شارك\\w{0,3}|يشارك\\w{0,3}|مشاركة|حضر\\w{0,2}|حضور|جمع\\w?|يجمع|استقطب\\w?|ضم\\w?|استضاف\\w?)",
        origins="(?:من|يمثلون|من بين)",
        signed="(?:و|ب|س)?(?:وقع\\w{0,4}|توقيع|التوقيع|إبرام|أبرم\\w?)",
        started="(?:و)?(?:أطلق\\w{0,3}|إطلاق|دعم|تمويل|تنفيذ|اختيار)",
        funded="(?:ب|و|ل)?(?:تمويل\\w{0,2}|استثمار\\w{0,3}|ميزانية|منحة|تخصيص|خصص\\w?|موازنة|صندوق)",
        not_funding="مبيعات|إيرادات|أرباح|خسائر|ديون|صادرات|واردات|تجارة|غرامة|ضرائب|سوق",
        years="سنوات|أعوام|سنة|عاما|عاماً",
        lasting="(?:تمديد|تجديد|سارية|صالحة|اتفاقية|برنامج)[^.;]{0,60}(?:لمدة|لفترة|مدتها)\\s*\\Z",
        parts={
            "international": "دولي\\w{0,3}|أجنبي\\w{0,3}|أجانب",
            "domestic": "محلي\\w{0,3}",
            "online": "عن بعد|افتراضي\\w{0,2}|عبر الإنترنت",
            "onsite": "حضوري\\w{0,2}",
        },
        of_some="أفريقية|إفريقية|عربية|أوروبية|آسيوية|أعضاء|عضو",
        including="بينهم|من بينهم|منهم|بما في ذلك",
        ahead="سيشارك|ستشارك|من المتوقع|المقرر|يتوقع|سيحضر|سيجمع|ستجمع",
        elsewhere="العام الماضي|النسخة السابقة|الدورة السابقة|سنويا|كل عام|منذ|حتى الآن",
        this_time="هذا العام",
        not_people="دراسة|استطلاع|مرضى|انتخابات",
    ),
}
