/**
 * Where invented people come from. A name is written as people write it, with
 * its Latin letters after a bar where the address of a mailbox needs others.
 */
export interface Culture {
  readonly locale: string;
  readonly given: readonly string[];
  readonly family: readonly string[];
  readonly isFamilyFirst?: boolean;
  /** The beginning of an E.164 number; `#` stands for a digit. */
  readonly phone: string;
  readonly streets: readonly string[];
  readonly cities: readonly string[];
  readonly country: string;
}

const list = (text: string): string[] => text.split(",");

/** Cultures, names and places; adding at the end of a list keeps most of the seeded users as they were. */
export const CULTURES: readonly Culture[] = [
  {
    locale: "en-GB",
    given: list(
      "Oliver,Amelia,George,Isla,Harry,Ava,Jack,Emily,Charlie,Sophie,Thomas,Grace,William,Alice,James,Florence",
    ),
    family: list(
      "Smith,Jones,Taylor,Brown,Williams,Wilson,Johnson,Davies,Patel,Robinson,Wright,Thompson,Evans,Walker,Khan,Ashworth",
    ),
    phone: "+447700900###",
    streets: list("High Street,Station Road,Church Lane,Victoria Road,Mill Lane"),
    cities: list("London,Leeds,Bristol,Glasgow,Cardiff"),
    country: "United Kingdom",
  },
  {
    locale: "en-US",
    given: list(
      "Liam,Olivia,Noah,Emma,Mateo,Charlotte,Elijah,Maya,Ethan,Zoe,Mason,Chloe,Logan,Nora,Caleb,Ruth",
    ),
    family: list(
      "Miller,Davis,Garcia,Rodriguez,Martinez,Anderson,Thomas,Jackson,White,Harris,Clark,Lewis,Young,Allen,King,Washington",
    ),
    phone: "+120255501##",
    streets: list("Main Street,Oak Avenue,Maple Drive,Elm Street,Sunset Boulevard"),
    cities: list("Austin TX,Boston MA,Denver CO,Portland OR,Chicago IL"),
    country: "United States",
  },
  {
    locale: "de-DE",
    given: list(
      "Jürgen,Käthe,Björn,Anneliese,Günther,Ursula,Lukas,Hannah,Felix,Mia,Jonas,Lena,Maximilian,Sophia,Karl-Heinz,Anne-Marie",
    ),
    family: list(
      "Müller,Schmidt,Schneider,Fischer,Weber,Meyer,Wagner,Becker,Schäfer,Köhler,Groß,Weiß,Jäger,Krüger,Böhm,Hoffmann",
    ),
    phone: "+4915550#####",
    streets: list("Hauptstraße,Bahnhofstraße,Gartenweg,Schillerstraße,Lindenallee"),
    cities: list("Berlin,Hamburg,München,Köln,Leipzig"),
    country: "Deutschland",
  },
  {
    locale: "fr-FR",
    given: list(
      "François,Chloé,Léa,Jérôme,Élodie,Benoît,Zoé,Hélène,Gaël,Amélie,Théo,Inès,Jean-Luc,Marie-Claire,Raphaël,Anaïs",
    ),
    family: list(
      "Martin,Bernard,Dubois,Lefèvre,Moreau,Laurent,Girard,André,Mercier,Lévêque,Gauthier,Perrin,Noël,D'Amboise,Château,Béranger",
    ),
    phone: "+3365550####",
    streets: list(
      "rue de la Paix,avenue Victor Hugo,boulevard Voltaire,rue des Écoles,place du Marché",
    ),
    cities: list("Paris,Lyon,Nantes,Lille,Besançon"),
    country: "France",
  },
  {
    locale: "es-ES",
    given: list(
      "José,María,Ángel,Lucía,Iñigo,Begoña,Andrés,Sofía,Raúl,Inés,Martín,Noemí,Óscar,Belén,Joaquín,Rocío",
    ),
    family: list(
      "García López,Fernández Ruiz,González Díaz,Pérez Gómez,Muñoz Ortega,Núñez Vidal,Ibáñez Soler,Jiménez Cruz,Sánchez Peña,Álvarez Rey,Castaño León,Domínguez Gil",
    ),
    phone: "+3465550####",
    streets: list(
      "calle Mayor,avenida de la Constitución,plaza de España,calle del Sol,paseo del Prado",
    ),
    cities: list("Madrid,Sevilla,Valencia,A Coruña,Málaga"),
    country: "España",
  },
  {
    locale: "pt-BR",
    given: list(
      "João,Ana,Antônio,Conceição,Luís,Vitória,Mário,Letícia,Tomás,Inácio,Cecília,Estêvão",
    ),
    family: list(
      "Silva,Souza,Araújo,Gonçalves,Magalhães,Simões,Assunção,Brandão,Falcão,Guimarães,da Conceição,dos Santos",
    ),
    phone: "+55115550####",
    streets: list(
      "Rua das Flores,Avenida Paulista,Rua São João,Travessa do Comércio,Largo da Memória",
    ),
    cities: list("São Paulo,Salvador,Curitiba,Recife,Belém"),
    country: "Brasil",
  },
  {
    locale: "pl-PL",
    given: list(
      "Łukasz,Małgorzata,Paweł,Agnieszka,Michał,Żaneta,Stanisław,Świętosława,Grażyna,Jędrzej,Wojciech,Zofia",
    ),
    family: list(
      "Kowalski,Wiśniewski,Wójcik,Kamiński,Dąbrowski,Zieliński,Szymański,Woźniak,Kozłowski,Jabłoński,Źródłowski,Pawłowski",
    ),
    phone: "+485550#####",
    streets: list("ulica Polna,ulica Leśna,ulica Słoneczna,ulica Krótka,aleja Róż"),
    cities: list("Warszawa,Kraków,Łódź,Gdańsk,Wrocław"),
    country: "Polska",
  },
  {
    locale: "sv-SE",
    given: list("Åsa,Björn,Östen,Märta,Göran,Ingrid,Håkan,Linnéa,Sören,Elsa,Kjell,Saga"),
    family: list(
      "Ångström,Lindström,Sjöberg,Öberg,Nyström,Bergström,Åkesson,Håkansson,Lundqvist,Björk,Söderlund,Ek",
    ),
    phone: "+467017405##",
    streets: list("Storgatan,Kungsgatan,Skolgatan,Björkvägen,Ängsvägen"),
    cities: list("Stockholm,Göteborg,Malmö,Örebro,Umeå"),
    country: "Sverige",
  },
  {
    locale: "tr-TR",
    given: list("Çağla,Işıl,Gökçe,Özgür,Şebnem,Ayşe,Mehmet,İbrahim,Ümit,Zeynep,Oğuz,Elif"),
    family: list("Yılmaz,Öztürk,Şahin,Çelik,Doğan,Güneş,Aydın,Kılıç,Aslan,Çetin,Koç,Kaya"),
    phone: "+905550######",
    streets: list("Atatürk Caddesi,Çınar Sokak,Gül Sokak,İnönü Bulvarı,Şehit Caddesi"),
    cities: list("İstanbul,Ankara,İzmir,Bursa,Eskişehir"),
    country: "Türkiye",
  },
  {
    locale: "ru-RU",
    given: list(
      "Алексей|aleksei,Мария|maria,Дмитрий|dmitri,Елена|elena,Фёдор|fyodor,Наталья|natalya,Андрей|andrei,Ольга|olga,Сергей|sergei,Юлия|yulia",
    ),
    family: list(
      "Шевченко|shevchenko,Черных|chernykh,Коваленко|kovalenko,Седых|sedykh,Бондаренко|bondarenko,Долгих|dolgikh,Ткаченко|tkachenko,Белых|belykh,Щербак|shcherbak,Тимошенко|tymoshenko",
    ),
    phone: "+79995550###",
    streets: list("улица Ленина,Садовая улица,Невский проспект,улица Мира,Лесная улица"),
    cities: list("Москва,Санкт-Петербург,Казань,Томск,Самара"),
    country: "Россия",
  },
  {
    locale: "el-GR",
    given: list(
      "Γιώργος|giorgos,Μαρία|maria,Νίκος|nikos,Ελένη|eleni,Άγγελος|angelos,Σοφία|sofia,Κώστας|kostas,Ειρήνη|irini",
    ),
    family: list(
      "Παπαδόπουλος|papadopoulos,Νικολάου|nikolaou,Αγγελόπουλος|angelopoulos,Δημητρίου|dimitriou,Καραγιάννης|karagiannis,Οικονόμου|oikonomou",
    ),
    phone: "+3069555#####",
    streets: list("Ερμού,Σταδίου,Πανεπιστημίου,Αθηνάς,Σόλωνος"),
    cities: list("Αθήνα,Θεσσαλονίκη,Πάτρα,Ηράκλειο,Λάρισα"),
    country: "Ελλάδα",
  },
  {
    locale: "ja-JP",
    given: list(
      "太郎|taro,花子|hanako,翔太|shota,美咲|misaki,健一|kenichi,さくら|sakura,大輔|daisuke,陽菜|hina,直樹|naoki,結衣|yui",
    ),
    family: list(
      "佐藤|sato,鈴木|suzuki,高橋|takahashi,田中|tanaka,渡辺|watanabe,伊藤|ito,山田|yamada,中村|nakamura,小林|kobayashi,加藤|kato",
    ),
    isFamilyFirst: true,
    phone: "+81905550####",
    streets: list("銀座一丁目,中央町,本町,緑ヶ丘,桜通り"),
    cities: list("東京都,大阪市,京都市,札幌市,福岡市"),
    country: "日本",
  },
  {
    locale: "zh-CN",
    given: list(
      "伟|wei,芳|fang,秀英|xiuying,小明|xiaoming,建国|jianguo,丽娜|lina,子涵|zihan,浩然|haoran,欣怡|xinyi,梓轩|zixuan",
    ),
    family: list(
      "王|wang,李|li,张|zhang,刘|liu,陈|chen,杨|yang,黄|huang,赵|zhao,欧阳|ouyang,司马|sima",
    ),
    isFamilyFirst: true,
    phone: "+8613055550###",
    streets: list("人民路,中山路,解放路,建设路,和平街"),
    cities: list("北京市,上海市,广州市,成都市,西安市"),
    country: "中国",
  },
  {
    locale: "ko-KR",
    given: list(
      "민준|minjun,서연|seoyeon,지훈|jihoon,수빈|subin,현우|hyunwoo,지민|jimin,영숙|youngsook,동현|donghyun",
    ),
    family: list("김|kim,이|lee,박|park,최|choi,정|jung,강|kang,윤|yoon,한|han"),
    isFamilyFirst: true,
    phone: "+82105550####",
    streets: list("세종대로,강남대로,테헤란로,종로,해운대로"),
    cities: list("서울,부산,인천,대구,광주"),
    country: "대한민국",
  },
  {
    locale: "ar-EG",
    given: list(
      "محمد|mohamed,فاطمة|fatima,أحمد|ahmed,عائشة|aisha,يوسف|youssef,ليلى|layla,عمر|omar,مريم|mariam,خالد|khaled,نور|nour",
    ),
    family: list(
      "حسن|hassan,إبراهيم|ibrahim,السيد|elsayed,منصور|mansour,فاروق|farouk,سليمان|soliman,نجيب|naguib,محفوظ|mahfouz",
    ),
    phone: "+20105550####",
    streets: list("شارع التحرير,شارع الهرم,شارع النيل,شارع رمسيس,شارع الجمهورية"),
    cities: list("القاهرة,الإسكندرية,الجيزة,أسوان,الأقصر"),
    country: "مصر",
  },
  {
    locale: "he-IL",
    given: list(
      "דוד|david,שרה|sarah,יוסף|yosef,נועה|noa,אברהם|avraham,תמר|tamar,איתן|eitan,מיכל|michal",
    ),
    family: list("כהן|cohen,לוי|levi,מזרחי|mizrahi,פרץ|peretz,ביטון|biton,פרידמן|friedman"),
    phone: "+9725550#####",
    streets: list("רחוב הרצל,שדרות רוטשילד,רחוב ויצמן,רחוב אלנבי,רחוב יפו"),
    cities: list("תל אביב,ירושלים,חיפה,באר שבע,נתניה"),
    country: "ישראל",
  },
  {
    locale: "hi-IN",
    given: list(
      "आरव|aarav,प्रिया|priya,राजेश|rajesh,अनन्या|ananya,विक्रम|vikram,दीपिका|deepika,संजय|sanjay,कविता|kavita",
    ),
    family: list(
      "शर्मा|sharma,वर्मा|verma,गुप्ता|gupta,सिंह|singh,अय्यर|iyer,नायर|nair,जोशी|joshi,रेड्डी|reddy",
    ),
    phone: "+9195550#####",
    streets: list("महात्मा गांधी मार्ग,स्टेशन रोड,नेहरू नगर,लाल बाग,सुभाष चौक"),
    cities: list("दिल्ली,मुंबई,पुणे,जयपुर,लखनऊ"),
    country: "भारत",
  },
  {
    locale: "vi-VN",
    given: list("Văn Đức,Thị Hương,Minh Tuấn,Ngọc Ánh,Quốc Bảo,Thu Thủy,Đình Phúc,Mỹ Linh"),
    family: list("Nguyễn,Trần,Lê,Phạm,Hoàng,Đặng,Bùi,Đỗ"),
    isFamilyFirst: true,
    phone: "+84905550###",
    streets: list("đường Lê Lợi,phố Hàng Bạc,đường Trần Phú,phố Huế,đường Nguyễn Huệ"),
    cities: list("Hà Nội,Đà Nẵng,Huế,Cần Thơ,Hải Phòng"),
    country: "Việt Nam",
  },
  {
    locale: "yo-NG",
    given: list("Adébáyọ̀,Fọláṣadé,Olúwaṣeun,Ngozi,Chinedu,Yétúndé,Babátúndé,Amara"),
    family: list("Adéyẹmí,Okafor,Ọbásanjọ́,Balógun,Nwosu,Akínwándé,Eze,Ṣóyínká"),
    phone: "+2348055550##",
    streets: list("Broad Street,Allen Avenue,Awolowo Road,Marina Road,Ring Road"),
    cities: list("Lagos,Ìbàdàn,Abuja,Enugu,Kano"),
    country: "Nigeria",
  },
];
