"""The words by which the outcomes of an event are told, by language."""
# ruff: noqa: E501, ISC004 - tables of words

from collections.abc import Mapping
from typing import NamedTuple


class OutcomeWords(NamedTuple):
    """All are alternatives of patterns.

    Attributes:
        kinds: document, programme, agreement, centre: what is done, and the nouns for what it is done to.
        articles: before the name of the object; in Japanese and Korean the particles behind it.
        stops: words that end a name.
        passive: between an object and what was done to it; in Chinese: verb and object in either order.
        relatives: what begins an aside between the two.
        passed_over: sentences with one of these are of another time.
        is_spaced: blanks stand between words.
        has_capitals: names begin with capitals, and other nouns do not.
        has_blanks: blanks stand between words all the same, as in Korean.
    """

    kinds: Mapping[str, tuple[str, str]]
    articles: str = ""
    stops: str = ""
    passive: str = ""
    relatives: str = ""
    passed_over: str = ""
    is_spaced: bool = True
    has_capitals: bool = True
    has_blanks: bool = False


OUTCOME_WORDS: Mapping[str, OutcomeWords] = {
    "en": OutcomeWords(
        kinds={
            "document": (
                "released|issued|published|adopted|unveiled|endorsed|announced",
                "initiative|declaration|report|statement|communiqu[ée]|white paper|index|agenda|action plan|guidelines|charter"
                "|consensus|roadmap|recommendations?|framework|manifesto|blueprint|plan",
            ),
            "programme": (
                "launched|kicked off|started|initiated|established|set up|unveiled",
                "programmes?|programs?|project|initiative|fund|scheme|network|alliance|zone|platform|mission|plan|action"
                "|partnership|consortium|fellowships?",
            ),
            "agreement": (
                "signed|inked|concluded|sealed|signs|inks|renewed|extended",
                "agreements?|memorand(?:um|a)|mou|mous|pact|accord|treaty|protocol|contract|letter of intent|declaration",
            ),
            "centre": (
                "opened|inaugurated|established|set up|founded|opens|inaugurates",
                "cent(?:er|re)|laborator(?:y|ies)|lab|institute|observatory|telescope|research station|research base|facility|hub"
                "|academy|campus|research park",
            ),
        },
        articles="(?:the|an?|its|their|his|her|two|three|several|another) ",
        stops="that|which|who|where|when|while|during|after|before|as|with|was|were|has|have|had|will|would|is|are|at|by|aimed"
        "|aiming|advocating|said|says|to be|since|under|because|signed|launched|released|last|this|yesterday|near|announced|told|confirmed|off|into|(?:mon|tues|wednes|thurs|fri|satur|sun)day",
        passive="was|were|has been|have been|had been|is|are|being|also|officially|formally|and|jointly|was also|were also",
        relatives="that|which|in|at|for|on",
        passed_over="last year|years ago|a decade ago|in (?:19|20)[01]\\d|plans? to|will be|would be|hopes? to|expected to|if",
    ),
    "zh": OutcomeWords(
        kinds={
            "document": (
                "发布|发表|通过|公布|推出",
                "报告|宣言|倡议|声明|白皮书|公报|蓝皮书|行动计划|共识|指南|指数|榜单|规划|章程",
            ),
            "programme": ("启动|发起|设立", "计划|项目|工程|专项|行动|基金|联盟|平台|网络|机制|倡议"),
            "agreement": ("签署|签订|签约|达成|续签|签", "协议|协定|备忘录|合同|议定书|意向书|合作文件"),
            "centre": (
                "揭牌|成立|启用|落成|建成|投用|开放|设立",
                "中心|实验室|研究院|研究所|天文台|望远镜|基地|创新园|科技园|学院",
            ),
        },
        articles="正式|共同|联合|已|也|在[^，。；]{1,8}|当日|当天|今天",
        passive="either",
        passed_over="去年|上届|往届|近年来|以来|计划将|拟|将(?:签署|发布|启动|通过|揭牌|成立)|审议",
        is_spaced=False,
        has_capitals=False,
    ),
    "fr": OutcomeWords(
        kinds={
            "document": (
                "publié|adopté|dévoilé|présenté|adopte|publie|diffusé",
                "déclaration|rapport|feuille de route|communiqué|livre blanc|plan|charte|initiative",
            ),
            "programme": (
                "lancé|lance|lancent|initié|inauguré|lancement d(?:u|e la|e l['’])",
                "programme|projet|initiative|fonds|réseau|alliance|plateforme|partenariat|plan",
            ),
            "agreement": (
                "signé|signent|conclu|paraphé|renouvelé|signature d['’]un|signature de l['’]|signature d['’]une",
                "accord|mémorandum|convention|protocole|contrat|traité|lettre d['’]intention|partenariat",
            ),
            "centre": (
                "inauguré|ouvert|créé|inaugure|ouvre|fondé",
                "centre|laboratoire|institut|observatoire|télescope|station|campus|pôle",
            ),
        },
        articles=r"(?:le|la|les|un|une|leur|leurs|son|sa|des|deux|plusieurs|officiellement) |l['’]",
        stops="qui|que|dont|où|lors|pendant|durant|après|avant|avec|dans|afin|ont|a|est|sont|mardi|lundi|mercredi|jeudi|vendredi"
        "|samedi|dimanche|ce|cette",
        passive="a été|ont été|est|sont|fut|était",
        passed_over="l['’]an dernier|l['’]année dernière|il y a|devrai\\w{1,4}|prévoi\\w{1,3}",
    ),
    "es": OutcomeWords(
        kinds={
            "document": (
                "publicó|publicaron|adoptó|adoptaron|presentó|presentaron|aprobó|aprobaron|difundió",
                "declaración|informe|hoja de ruta|comunicado|libro blanco|plan|carta|iniciativa|agenda",
            ),
            "programme": (
                "lanzó|lanzaron|lanza|lanzan|puso en marcha|pusieron en marcha|inició|iniciaron",
                "programa|proyecto|iniciativa|fondo|red|alianza|plataforma|plan|misión",
            ),
            "agreement": (
                "firmó|firmaron|firma|firman|suscribió|suscribieron|suscriben|rubricaron|firmado",
                "acuerdos?|memorandos?|memorándum|convenios?|protocolos?|contratos?|tratados?|carta de intención",
            ),
            "centre": (
                "inauguró|inauguraron|inaugura|abrió|abrieron|creó|crearon",
                "centro|laboratorio|instituto|observatorio|telescopio|estación|campus|sede",
            ),
        },
        articles="(?:el|la|los|las|un|una|su|sus|dos|varios|hoy|este \\w+) ",
        stops="que|donde|durante|tras|después|antes|con el objetivo|para|ha|han|es|son|fue|este|esta|hoy|cuando|cuyo",
        passive="fue|fueron|ha sido|han sido|es|son",
        passed_over="el año pasado|hace \\w+ años|prevé\\w?",
    ),
    "pt": OutcomeWords(
        kinds={
            "document": (
                "publicou|publicaram|adotou|adotaram|divulgou|divulgaram|apresentou|aprovou|aprovaram",
                "declaração|relatório|roteiro|comunicado|livro branco|plano|carta|iniciativa|agenda",
            ),
            "programme": (
                "lançou|lançaram|lança|lançam|iniciou|iniciaram",
                "programa|projeto|projecto|iniciativa|fundo|rede|aliança|plataforma|plano|missão",
            ),
            "agreement": (
                "assinou|assinaram|assina|assinam|firmou|firmaram|celebraram|celebrou|assinado",
                "acordos?|memorandos?|convênios?|convénios?|protocolos?|contratos?|tratados?|carta de intenções",
            ),
            "centre": (
                "inaugurou|inauguraram|inaugura|abriu|abriram|criou|criaram",
                "centro|laboratório|instituto|observatório|telescópio|estação|campus",
            ),
        },
        articles="(?:o|a|os|as|um|uma|seu|sua|dois|vários) ",
        stops="que|onde|durante|após|depois|antes|para|foi|foram|é|são|nesta|neste|hoje|quando|cujo",
        passive="foi|foram|é|são",
        passed_over="no ano passado|há \\w+ anos|deverá",
    ),
    "de": OutcomeWords(
        kinds={
            "document": (
                "veröffentlicht\\w{0,2}|verabschiedet\\w{0,2}|vorgestellt|legte|präsentierte\\w?",
                "erklärung|bericht|weißbuch|fahrplan|leitlinien|aktionsplan|strategie|charta",
            ),
            "programme": (
                "startet\\w{0,2}|gestartet|lanciert\\w{0,2}|ins leben gerufen|aufgelegt",
                "programm|projekt|initiative|fonds|netzwerk|allianz|plattform|partnerschaft|\\w{2,25}programm|\\w{2,25}projekt",
            ),
            "agreement": (
                "unterzeichnet\\w{0,2}|unterschrieb\\w{0,3}|schloss|schlossen|vereinbarten",
                "abkommen|\\w{2,25}abkommen|vereinbarung|absichtserklärung|vertrag|memorandum|\\w{2,25}vereinbarung",
            ),
            "centre": (
                "eröffnet\\w{0,2}|eingeweiht|gegründet|gründet\\w{0,2}",
                "zentrum|\\w{2,25}zentrum|labor|institut|observatorium|teleskop|campus|\\w{2,25}institut",
            ),
        },
        articles="(?:der|die|das|den|ein|eine|einen|einem|ihr|ihre|ihren|am \\w+) ",
        stops="dass|wo|während|nach|vor|um|wurde|wurden|ist|sind|hat|haben|am|bei|mit dem ziel",
        passive="wurde|wurden|ist|sind|haben|hat",
        passed_over="im vergangenen jahr|vor \\w+ jahren|soll|sollen|will|wollen",
        has_capitals=False,
    ),
    "ru": OutcomeWords(
        kinds={
            "document": (
                "опубликова\\w{1,4}|принял\\w?|приняли|представил\\w?|выпустил\\w?",
                "деклараци\\w{1,2}|доклад\\w?|заявлени\\w|коммюнике|дорожн\\w{2} карт\\w|план\\w?|хартию|резолюци\\w",
            ),
            "programme": (
                "запустил\\w?|запустили|запущен\\w?|дал\\w? старт|стартовал\\w?",
                "программ\\w|проект\\w?|инициатив\\w|фонд\\w?|сеть|альянс\\w?|платформ\\w",
            ),
            "agreement": (
                "подписал\\w?|подписали|подписан\\w?|подписывают|заключил\\w?|заключили",
                "соглашени\\w|меморандум\\w?|договор\\w?|протокол\\w?|контракт\\w?",
            ),
            "centre": (
                "открыл\\w?|открыли|открыт\\w?|открылся|открылась|создал\\w?|создан\\w?",
                "центр\\w?|лаборатори\\w{1,2}|институт\\w?|обсерватори\\w{1,2}|телескоп\\w?|станци\\w{1,2}|кампус\\w?",
            ),
        },
        articles="(?:новый|новую|новое|совместный|совместную|двустороннее|первый|первую) ",
        stops="который|которая|которое|которые|где|когда|во время|в ходе|после|был|была|было|были|сообщил\\w?|для того",
        passive="был|была|было|были",
        passed_over="в прошлом году|лет назад|планиру\\w{1,4}|намерен\\w?",
        has_capitals=False,
    ),
    "ar": OutcomeWords(
        kinds={
            "document": (
                "(?:و)?(?:أصدر\\w{0,2}|نشر\\w?|اعتمد\\w{0,2}|تبنى|إصدار)",
                "(?:ال)?(?:إعلان|تقرير|بيان|وثيقة|خطة|مبادرة|ميثاق)",
            ),
            "programme": (
                "(?:و)?(?:أطلق\\w{0,2}|إطلاق|دشن\\w{0,2}|تدشين)",
                "(?:ال)?(?:برنامج|مشروع|مبادرة|صندوق|شبكة|تحالف|منصة)",
            ),
            "agreement": (
                "(?:و)?(?:وقع\\w{0,3}|توقيع|التوقيع على|أبرم\\w{0,2}|وقّع\\w{0,3})",
                "(?:ال)?(?:اتفاقية|اتفاق|مذكرة|بروتوكول|عقد|معاهدة|اتفاقيات|مذكرات)",
            ),
            "centre": (
                "(?:و)?(?:افتتح\\w{0,2}|افتتاح|أنشأ\\w?)",
                "(?:ال)?(?:مركز|مختبر|معهد|مرصد|تلسكوب|محطة)",
            ),
        },
        articles="(?:على|الجانبان|الطرفان|البلدان) ",
        stops="التي|الذي|حيث|خلال|بعد|قبل|أثناء|يوم|اليوم|بحضور|وذلك|بهدف",
        passed_over="العام الماضي",
        has_capitals=False,
    ),
    "ja": OutcomeWords(
        kinds={
            "document": ("発表|公表|採択|公開", "報告書|宣言|共同声明|白書|声明|行動計画|指針|ロードマップ"),
            "programme": (
                "開始|始動|発足|立ち上げ|設立",
                "プログラム|プロジェクト|計画|基金|事業|構想|ネットワーク",
            ),
            "agreement": ("署名|締結|調印|交わし|結ん", "覚書|協定|合意書|契約|議定書|条約"),
            "centre": (
                "開設|開所|設立|設置|完成|開館",
                "センター|研究所|研究室|天文台|望遠鏡|拠点|キャンパス",
            ),
        },
        articles="を|に|が",
        passed_over="昨年|前回|予定|目指",
        is_spaced=False,
        has_capitals=False,
    ),
    "ko": OutcomeWords(
        kinds={
            "document": ("발표|채택|공개|발간", "보고서|선언문|선언|공동성명|백서|성명|로드맵"),
            "programme": ("출범|시작|착수|가동", "프로그램|프로젝트|사업|기금|네트워크|협의체|플랫폼"),
            "agreement": (
                "체결|서명|맺었|맺고",
                "업무협약|양해각서|협약|협정|계약|MOU|업무협약\\(MOU\\)|양해각서\\(MOU\\)",
            ),
            "centre": ("개소|설립|개관|준공|문을 열", "센터|연구소|연구실|천문대|망원경|캠퍼스|연구원"),
        },
        articles="을|를|이|가|에",
        passed_over="지난해|작년|예정|계획이다",
        has_blanks=True,
        is_spaced=False,
        has_capitals=False,
    ),
}
