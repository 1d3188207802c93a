"""Frequent given names and surnames, as one cue among others that a word is a name.

From the name files of the United States Census of 1990 (a work of the US government, public
domain): the commoner given names, and the 4,000 commonest surnames. Many are everyday words too
("mark", "young"); who uses the lists weighs that.
"""

from __future__ import annotations

from typing import Final

from media.entities.english.listing import words

GIVEN: Final = words(
    """
aaron abbey abbie abby abdul abe abel abigail abraham abram ada adalberto adam adan addie adela
adelaida adelaide adele adelia adelina adeline adell adella adina adolfo adolph adria adrian
adriana adriane adrianna adrianne adrienne agatha agnes agustin agustina ahmad ahmed aida aileen
aimee aisha al alaina alan alana alanna alba albert alberta albertha alberto albina alda alden
aldo alec alecia alejandra alejandro alena alene alesha alesia aleta aletha alex alexa alexander
alexandra alexandria alexia alexis alfonso alfonzo alfred alfreda alfredo ali alice alicia alida
alina aline alisa alisha alison alissa allan allen allene allie allison allyson alma almeda alonso
alonzo alpha alphonse alphonso alta altagracia althea alton alva alvaro alvin alvina alyce alycia
alysia alyson alyssa amada amado amalia amanda amber ambrose amelia america ami amie amos amparo
amy ana anabel anastasia anderson andra andre andrea andreas andres andrew andria andy angel
angela angelia angelica angelina angeline angelique angelita angella angelo angie anglea anh
anibal anissa anita anitra ann anna annabel annabelle annamarie anne annemarie annetta annette
annie annmarie anthony antione antionette antoine antoinette anton antone antonette antonia
antonio antony antwan april araceli aracely archie arden ardis ardith aretha ariana ariel arielle
arleen arlen arlene arlie arline armand armando armida arnold arnoldo arnulfo aron arron art
arthur artie arturo asa asha ashely ashlee ashleigh ashley ashlie ashly ashton asia astrid athena
aubrey audra audrey audry august augusta augustine augustus aura aurea aurelia aurelio aurora
austin autumn ava avery avis awilda bailey bambi barb barbara barbra barney barrett barry bart
barton basil bea beatrice beatriz beau becky belen belinda bella belle belva ben benedict benita
benito benjamin bennett bennie benny benton bernadette bernadine bernard bernardo bernice bernie
berniece bernita berry bert berta bertha bertie bertram beryl bess bessie beth bethany betsy bette
bettie bettina betty bettye beulah beverley beverly bianca bill billie billy birdie blaine blair
blake blanca blanch blanche bo bob bobbi bobbie bobby bonita bonnie bonny booker boris boyce boyd
brad bradford bradley bradly brady brain brandee branden brandi brandie brandon brandy brant
breanna breanne brenda brendan brendon brenna brent brenton bret brett brian briana brianna
brianne brice bridget bridgett bridgette brigette brigitte britney britt brittani brittany
brittney brock broderick brook brooke brooks bruce bruno bryan bryant bryce bryon buck bud buddy
buford burl burt burton buster byron caitlin caitlyn caleb callie calvin cameron cami camilla
camille candace candance candelaria candi candice candida candis candy cara caren carey cari
caridad carin carina carissa carl carla carleen carlene carlo carlos carlota carlotta carlton
carly carma carman carmel carmela carmelita carmella carmelo carmen carmine carol carolann carole
carolee carolina caroline carolyn carri carrie carrol carroll carson carter cary caryl caryn
casandra casey cassandra cassidy cassie catalina catharine catherine cathi cathie cathleen
cathrine cathryn cathy catina catrina cecelia cecil cecile cecilia cecily cedric cedrick celeste
celestine celia celina cesar chad chadwick chana chance chanda chandra chanel chang chantal
chantel chantelle charissa charisse charity charla charleen charlene charles charlette charley
charlie charline charlotte charmaine charolette chas chase chasity chastity chauncey chelsea
chelsey chelsie cheri cherie cherise cherly cherri cherrie cherry cheryl cheryle chester chet
cheyenne chi chiquita chloe chong chris chrissy christa christal christel christen christi
christian christiana christiane christie christin christina christine christoper christopher
christy chrystal chuck chung ciara cierra cinda cindi cindy cinthia clair claire clara clare
clarence clarice clarissa clark claud claude claudette claudia claudine claudio clay clayton
clement clemente clementine cleo cleta cletus cleveland cliff clifford clifton clint clinton clyde
cody colby cole coleen coleman colette colin colleen collette collin colton columbus concepcion
concetta connie conrad constance consuelo cora coral cordelia cordell corene corey cori corina
corine corinna corinne cornelia cornelius cornell corrie corrina corrine cortez cortney cory
courtney coy craig cristal cristi cristina cristine cristobal cristopher cristy cruz crystal curt
curtis cyndi cynthia cyril cyrus daisy dale dalia dallas dalton damaris damian damien damion damon
dan dana dane danelle danette danial danica daniel daniela daniella danielle danilo danita danna
dannie danny dante daphne dara darci darcie darcy darell daren daria darin dario darius darla
darleen darlene darline darnell daron darrel darrell darren darrick darrin darron darryl darwin
daryl dave david davida davina davis dawn dawna dayna dean deana deandre deangelo deann deanna
deanne deb debbie debby debi debora deborah debra debrah dedra dee deena deidra deidre deirdre del
delbert delfina delia delilah della delma delmar delmer delois delores deloris delphia delphine
demarcus demetra demetria demetrius dena deneen denice denis denise denna dennis denny denver deon
derek derick derrick deshawn desiree desmond dessie destiny devin devon dewayne dewey dewitt
dexter dian diana diane diann dianna dianne dick diego dillon dina dinah dino dion dionne dirk
dixie dollie dolly dolores domenic dominga domingo dominic dominick dominique don dona donald dong
donita donn donna donnell donnie donny donovan donte dora dorcas doreen dorene doretha dori dorian
dorinda doris dorothea dorothy dorris dorsey dortha dorthea dorthy dottie doug douglas douglass
dovie doyle drew duane dudley dulce duncan dustin dusty dwain dwayne dwight dylan earl earle
earlene earline earnest earnestine eartha easter eboni ebony ed eda eddie eddy eden edgar edgardo
edie edison edith edmond edmund edmundo edna eduardo edward edwardo edwin edwina edythe effie
efrain efren eileen elaina elaine elana elba elbert elda elden eldon eldora eldridge eleanor
eleanore elena elenor elfriede eli elia elias elida elijah elinor elisa elisabeth elise eliseo
elisha elissa eliza elizabeth elizebeth ella ellen ellie elliot elliott ellis ellsworth elma elmer
elmira elmo elna elnora eloisa eloise elouise eloy elroy elsa elsie elton elva elvera elvia elvin
elvira elvis elwood elyse emanuel emerson emery emil emile emilia emilie emilio emily emma
emmanuel emmett emmitt emogene emory ena enedina enid enoch enrique enriqueta era erasmo eric
erica erich erick ericka erik erika erin erlinda erma erna ernest ernestina ernestine ernesto
ernie errol ervin erwin esmeralda esperanza essie esteban estela estella estelle ester esther
estrella ethan ethel ethelyn etta eugene eugenia eugenio eula eulalia eun eunice eusebio eva
evalyn evan evangelina evangeline eve evelia evelyn everett everette evette evie evon evonne
ezekiel ezequiel ezra fabian fabiola faith fannie fanny farrah fatima faustino fausto fawn fay
faye federico felecia felica felice felicia felicita felicitas felipa felipe felisha felix felton
ferdinand fermin fern fernando ferne fidel filiberto filomena fiona fletcher flor flora florence
florencio florene florentino florida florine flossie floy floyd fonda forest forrest foster fran
frances francesca francesco francine francis francisca francisco frank frankie franklin franklyn
fred freda freddie freddy frederic frederick fredric fredrick freeman freida frieda fritz gabriel
gabriela gabriella gabrielle gail gale galen garfield garland garnet garret garrett garry garth
gary gaston gavin gay gaye gayla gayle gaylord gaynell gemma gena genaro gene geneva genevieve
genoveva geoffrey george georgette georgia georgiana georgianna georgie georgina gerald geraldine
geraldo geralyn gerard gerardo gerda geri germaine german gerri gerry gertie gertrude gil gilbert
gilberto gilda gillian gina ginger ginny gino giovanna giovanni gisela gisele giselle giuseppe
gladis gladys glen glenda glenn glenna gloria glory golda goldie gonzalo gordon grace gracie
graciela grady graham graig grant granville greg gregg gregoria gregorio gregory greta gretchen
griselda grover guadalupe guillermina guillermo gus gussie gustavo guy gwen gwendolyn hai hailey
hal haley hallie hank hanna hannah hans harlan harland harley harold harriet harriett harriette
harris harrison harry harvey hassan hattie haydee hayden hayley haywood hazel heath heather hector
hedwig heidi helen helena helene helga hellen henrietta henry herb herbert heriberto herlinda
herman hermelinda herminia herschel hershel hester hettie hilario hilary hilda hildegard hillary
hilton hipolito hiram hoa hobert holli hollie hollis holly homer hong hope horace horacio
hortencia hortense hortensia hosea houston howard hoyt hubert huey hugh hugo hui hulda humberto
hung hunter hyman ian ida idalia idella ignacio ike ila ileana ilene iliana ilona ilse ima imelda
imogene in ina india ines inez inga inge ingeborg ingrid iola iona ione ira irena irene iris irma
irvin irving irwin isaac isabel isabell isabella isabelle isaiah isaias isiah isidro ismael israel
isreal issac iva ivan ivette ivonne ivory ivy jacalyn jacinta jacinto jack jackie jacklyn jackson
jaclyn jacob jacque jacquelin jacqueline jacquelyn jacques jacquline jada jade jae jaime jaimie
jake jamaal jamal jamar jame jamel james jamey jami jamie jamila jamison jammie jan jana jane
janeen janel janell janelle janet janette janey janice janie janina janine janis janna jannette
jannie jaqueline jared jarod jarred jarrett jarrod jarvis jasmin jasmine jason jasper jaunita
javier jay jayme jayne jayson jazmin jc jean jeana jeane jeanetta jeanette jeanie jeanine jeanna
jeanne jeannette jeannie jeannine jed jeff jefferey jefferson jeffery jeffrey jeffry jena jenelle
jenifer jeniffer jenna jennette jenni jennie jennifer jenniffer jenny jerald jeraldine jeramy jere
jeremiah jeremy jeri jerilyn jermaine jerold jerome jeromy jerrell jerri jerrie jerrod jerrold
jerry jesica jess jesse jessica jessie jesus jettie jewel jewell jill jillian jim jimmie jimmy jo
joan joanie joann joanna joanne joaquin jocelyn jodi jodie jody joe joel joelle joellen joesph
joetta joey johanna john johnathan johnathon johnetta johnie johnna johnnie johnny johnson joleen
jolene jolynn jon jonah jonas jonathan jonathon joni jonna jonnie jordan jordon jorge jose josef
josefa josefina joseph josephina josephine josette josh joshua josiah josie jospeh josue jovita
joy joyce joycelyn juan juana juanita jude judi judie judith judson judy jules juli julia julian
juliana juliann julianna julianne julie juliet julieta juliette julio julissa julius june jung
junior justin justina justine kacey kaitlin kaitlyn kala kami kandi kandice kandy kara karan
kareem karen kari karie karin karina karissa karl karla karlene karol karolyn karon karri karrie
karyn kasey kassandra kate katelyn katharine katherine katheryn kathi kathie kathleen kathlene
kathlyn kathrine kathryn kathryne kathy katie katina katrina katy kay kaye kayla kaylee kecia
keely keenan keisha keith kelley kelli kellie kelly kelsey kelvin ken kendall kendra kendrick
keneth kenna kenneth kennith kenny kent kenton kenya kenyatta keri kermit kerri kerrie kerry kesha
keshia keven kevin kia kiara kieth kim kimberely kimberlee kimberley kimberly king kip kira kirby
kirk kirsten kirstin kisha kitty korey kori kory kraig kris krista kristal kristan kristen kristi
kristie kristin kristina kristine kristofer kristopher kristy kristyn krystal krystle krystyna
kurt kurtis kyla kyle kylee kylie kyong kyra kyung lacey lacie lacy ladonna lai lakeisha lakesha
lakeshia lakisha lamar lamont lan lana lance landon lane lanette lani lanny laquita lara larissa
larry larue lashanda lashawn lashonda latanya latasha latisha latonia latonya latosha latoya
latrice latricia laura laureen laurel lauren laurence lauretta laurette lauri laurie lavada lavern
laverne lavina lavon lavonda lavonne lawanda lawerence lawrence lazaro lea leah leandra leandro
leann leanna leanne leatha leatrice leda lee leeann leesa leif leigh leila leilani leisa lela
leland lelia lemuel len lena lenard lennie lenny lenora lenore leo leola leon leona leonard
leonardo leone leonel leonor leonora leopoldo leora leota leroy les lesa leslee lesley lesli
leslie lessie lester leta letha leticia letitia lettie levi lewis li lia liana liane libby lida
lidia lila lilia lilian liliana lillian lillie lilly lily lin lina lincoln linda lindsay lindsey
lindy linette linnea linnie lino linwood lionel lisa lise lisette lissa lissette lita liz liza
lizabeth lizbeth lizette lizzie lloyd logan lois lola lolita lon lona long lonnie lonny lora
loraine lorelei loren lorena lorene lorenza lorenzo loretta lori lorie lorinda lorine lorna
lorraine lorretta lorri lorrie lottie lou louann louella louie louis louisa louise lourdes lovie
lowell loyd lu luann luanne lucas lucia luciana luciano lucie lucien lucienne lucila lucile
lucille lucinda lucio lucius lucretia lucy lue luella luigi luis luisa luke lula lulu lupe lupita
lura luther luz lyda lydia lyle lyman lyn lynda lyndon lyndsay lyndsey lynette lynn lynne lynnette
lynwood ma mabel mable mac machelle mack mackenzie madeleine madeline madelyn madge madonna mae
magda magdalena magdalene maggie magnolia mai major majorie malcolm malcom malia malik malinda
malissa mallory mamie man mandi mandy manual manuel manuela mara maranda marc marcel marcela
marcelina marcelino marcella marcelle marcellus marcelo marci marcia marcie marco marcos marcus
marcy margaret margarete margarette margarita margarito marge margery margie margo margot margret
marguerite mari maria mariah mariam marian mariana mariann marianna marianne mariano maribel
maribeth maricela marie mariela marietta marilee marilyn marilynn marina mario marion marisa
marisela marisol marissa marita maritza marjorie marjory mark markus marla marlena marlene marlin
marlo marlon marlyn marlys marnie marquerite marquis marquita marry marsha marshall marta martha
marti martin martina martine marty marva marvel marvin mary maryann maryanne marybeth maryellen
maryjane maryjo marylee marylin marylou mason mathew matilda matilde matt matthew mattie maud
maude maudie maura maureen maurice mauricio maurine mauro mavis max maxie maximo maxine maxwell
may maya maybelle mayme maynard mayra mazie mckinley meagan meaghan mechelle megan meghan mei mel
melanie melba melina melinda melisa melissa mellisa mellissa melodie melody melonie melony melva
melvin melvina mercedes mercy meredith merle merlin merrill merry mervin meryl meta mi mia micaela
micah michael michaela michal michale micheal michel michele michell michelle mickey migdalia
miguel mike mikel milagros milan mildred miles milford milissa millard millicent millie milo
milton mimi mina mindi mindy minerva minh minnie miquel mira miranda mireya miriam mirian mirna
mirta missy misti misty mitch mitchel mitchell mittie mitzi modesta modesto mohamed mohammad
mohammed moira moises mollie molly mona monica monika monique monroe monte monty morgan morris
morton mose moses moshe mozelle muriel murray myles myong myra myriam myrna myron myrtice myrtis
myrtle nada nadia nadine nakia nan nanci nancy nanette nannette nannie naomi napoleon natalia
natalie natasha nathalie nathan nathanael nathanial nathaniel natividad neal ned nedra neil nelda
nell nella nelle nellie nelly nelson nena nereida nestor nettie neva neville newton nicholas
nichole nick nicki nickolas nicky nicola nicolas nicole nicolette nidia nigel niki nikita nikki
nila nilda nilsa nina ninfa nita noah noble noe noel noelia noelle noemi nola nolan nona nora
norbert norberto noreen norene norine norma norman normand norris nova novella numbers nydia ocie
octavia octavio odell odessa odette odis ofelia ok ola olen oleta olga olin olive oliver olivia
ollie oma omar omer ona opal ophelia ora oralia oren orlando orpha orval orville oscar osvaldo
oswaldo otha otilia otis otto ouida owen pablo paige palma palmer pam pamala pamela pansy paola
paris parker pasquale pat patrica patrice patricia patrick patsy patti pattie patty paul paula
paulette paulina pauline pearl pearlie pearline pedro peggie peggy penelope pennie penny percy
perla perry pete peter petra phil philip phillip phillis philomena phoebe phuong phylis phyliss
phyllis pierre pilar polly porfirio porter portia precious preston pricilla prince princess
priscilla prudence queen quentin quincy quinn quintin quinton rachael racheal rachel rachelle
racquel rae rafael rafaela raleigh ralph ramiro ramon ramona randal randall randell randi randolph
randy raphael raquel rashad rashida raul raven ray rayford raymon raymond raymundo reba rebeca
rebecca rebekah reed refugio reggie regina reginald reid reina reinaldo rena renae renaldo renata
renate renato rene renea renee renita reta retha reuben reva rex rey reyes reyna reynaldo rhea
rhett rhiannon rhoda rhonda ricardo rich richard richelle richie rick rickey rickie ricky rico
rigoberto riley rina rita rob robbie robbin robby robert roberta roberto robin robt robyn rocco
rochelle rocio rocky rod roderick rodger rodney rodolfo rodrick rodrigo rogelio roger roland
rolanda rolando rolf rolland roma roman romeo romona ron rona ronald ronda ronna ronnie ronny
roosevelt rory rosa rosalba rosalee rosalia rosalie rosalina rosalind rosalinda rosaline rosalva
rosalyn rosanna rosanne rosaria rosario rosaura roscoe rose roseann roseanna roseanne rosella
roselyn rosemarie rosemary rosendo rosetta rosie rosina rosita roslyn ross rowena roxana roxane
roxann roxanna roxanne roxie roy royal royce ruben rubin ruby rubye rudolf rudolph rudy rueben
rufus rupert russ russel russell rusty ruth ruthann ruthie ryan sabina sabra sabrina sade sadie
sal salina sallie sally salvador salvatore sam samantha samatha sammie sammy samual samuel sandi
sandra sandy sanford sang sanjuana sanjuanita santa santiago santo santos sara sarah sarita sasha
saul saundra savannah scarlett scot scott scottie scotty sean sebastian selena selina selma serena
sergio seth seymour shad shaina shalonda shameka shamika shana shanda shane shanell shanika shanna
shannan shannon shanon shanta shante shantel shantell shara shari sharla sharlene sharon sharonda
sharron sharyn shasta shaun shauna shawn shawna shayla shayna shayne sheena sheila shelby sheldon
shelia shelley shelli shellie shelly shelton sheree sheri sherie sherita sherman sheron sherri
sherrie sherrill sherron sherry sherryl sherwood sheryl shiela shirlee shirlene shirley shirly
shon shonda sibyl sid sidney sierra sigrid silas silvia simon simone siobhan socorro sofia sol
soledad solomon son sondra sonia sonja sonny sonya soon sophia sophie spencer stacey staci stacia
stacie stacy stan stanford stanley stanton star starla starr stefan stefani stefanie stella
stephaine stephan stephani stephanie stephany stephen stephenie stephine sterling steve steven
stevie stewart stuart su sue summer sun sung sunny sunshine susan susana susanna susannah susanne
susie suzan suzanna suzanne suzette suzie suzy sybil syble sydney sylvester sylvia tabatha tabitha
tad talia tamar tamara tameka tamela tamera tami tamika tammi tammie tammy tamra tana tanesha
tangela tania tanika tanisha tanner tanya tara tarsha taryn tasha tatiana tawana tawanda tawanna
tawnya taylor ted teddy teena tena teodoro tera terence teresa terese teresita teressa teri terra
terrance terrell terrence terri terrie terry tess tessa tessie thad thaddeus thanh thea theda
thelma theo theodora theodore theresa therese theron thomas thomasina thurman thuy tia tiana tiara
tierra tiffani tiffanie tiffany tillie tim timmy timothy tina tisha titus tobias toby tod todd tom
tomas tomasa tomeka tommie tommy toney toni tonia tonja tony tonya tori tory tosha toya tracey
traci tracie tracy travis trena trent trenton tresa tressa tressie treva trevor trey tricia trina
trinidad trish trisha trista tristan troy trudy truman tuan twila twyla ty tyler tyra tyree tyrell
tyron tyrone tyson ulysses una ursula vada val valarie valencia valentin valentina valentine
valeria valerie valorie van vance vanessa vaughn veda velda velia velma velva venessa venita venus
vera verda vergie verla vern verna vernell vernice vernie vernita vernon verona veronica vesta
vicenta vicente vickey vicki vickie vicky victor victoria vida vikki vilma vina vince vincent
vincenzo viola violet violeta virgie virgil virgilio virgina virginia vita vito viva vivian
viviana von vonda vonnie wade waldo walker wallace wally walter walton wanda wanita ward warner
warren waylon wayne weldon wendell wendi wendy werner wes wesley weston whitney wilber wilbert
wilbur wilburn wilda wiley wilford wilfred wilfredo wilhelmina will willa willard william williams
willian willie willis willy wilma wilmer wilson wilton windy winford winfred winifred winnie
winnifred winona winston wm woodrow wyatt wynona xavier xiomara yadira yasmin yesenia yetta
yolanda yolonda yong yoshiko young yu yvette yvonne zachariah zachary zachery zack zackary zaida
zane zelda zella zelma zena zenaida zina zoe zoila zola zona zora zoraida zula
"""
)

SURNAMES: Final = words(
    """
aaron abbott abel abernathy abney abraham abrams abreu acevedo acker ackerman acosta acuna adair
adam adame adams adamson adcock addison adkins adler agee agnew aguilar aguilera aguirre ahern
ahmed ahrens aiken ainsworth akers akin akins alaniz alarcon alba albers albert albertson albrecht
albright alcorn alderman aldrich aldridge aleman alexander alfaro alford ali alicea allan allard
allen alley allison allred almanza almeida almond alonso alonzo alston altman alvarado alvarez
alves amador amato amaya ambrose ames ammons amos anaya anders andersen anderson andrade andres
andrew andrews andrus angel anglin anthony apodaca aponte applegate aquino aragon aranda arce
archer archibald archuleta arellano arevalo arias armijo armstead armstrong arndt arnett arnold
arredondo arreola arriaga arrington arroyo arsenault arteaga arthur artis ash ashby ashcraft ashe
asher ashford ashley ashton ashworth askew atherton atkins atkinson atwell atwood augustine austin
avalos avery avila aviles ayala ayers ayres babb babcock babin baca bach bachman back bacon badger
baer baez baggett bagley bagwell bailey bain baines bair baird baker balderas baldwin bales ball
ballard banda bandy banks bankston bannister banuelos baptiste barajas barbee barber barbosa
barbour barclay barfield barger barker barkley barksdale barlow barnard barnes barnett barnette
barney barnhart barnhill baron barone barr barraza barrera barrett barrios barron barrow barrows
barry barth bartholomew bartlett bartley barton basham bass bassett batchelor bateman bates
batista batiste battaglia batten battle battles batts bauer baugh baughman baum bauman baumann
baumgartner bautista baxter bayer beach beal beale beall beam bean beard bearden beasley beattie
beatty beaty beauchamp beaudoin beaulieu beaver beavers becerra beck becker beckett beckham
beckman beckwith becnel bedford beebe beers begay begley behrens belanger belcher bell bellamy
bello belt belton beltran benavides benavidez bender benedict benitez benjamin benner bennett
benoit benson bentley benton berg berger bergeron bergman berman bermudez bernal bernard bernier
bernstein berrios berry bertram bertrand berube bess best betancourt bethea bethel betts beverly
beyer bickford biddle bigelow biggs billings billingsley bills billups binder bingham birch bird
bishop bivens black blackburn blackman blackmon blackwell blackwood blair blais blake blakely
blalock blanchard blanchette blanco bland blank blankenship blanton blaylock bledsoe blevins bliss
block blocker blodgett bloom blount blue blum blunt bobo bock bogan boggs bohannon bolden bolduc
bolen boles bolin boling bollinger bolton bond bonds bone bonilla bonner booker boone booth boothe
borden borders boren borges boss bostic bostick boston boswell bouchard boucher boudreau boudreaux
bounds bourgeois bourne bourque bowden bowen bowens bower bowers bowie bowles bowlin bowling
bowman bowser box boyce boyd boyer boykin boyle boyles boynton brackett braden bradford bradley
bradshaw brady bragg branch brand brandon brandt branham brannon branson brantley braswell
bratcher bratton braun bravo braxton bray breaux breeden breedlove breen brennan brenner brent
brewer brewster brice bridges briggs bright brink brinkley brinkman brinson briones briscoe brito
britt britton brock brockman broderick bronson brooks broome brothers broughton broussard browder
brower brown browne browning brownlee broyles brubaker bruce brumfield bruner brunner bruno bruns
brunson bryan bryant bryson buchanan buck buckley buckner bueno buffington buford bull bullard
bullock bunch bundy bunn bunting burch burchett burchfield burden burdette burdick burge burger
burgess burgos burk burke burkett burkhart burks burleson burley burnett burnette burney burnham
burns burnside burr burrell burris burroughs burrows burt burton busby busch bush bussey
bustamante butcher butler butterfield button butts byars byers bynum byrd byrne byrnes caballero
cable cabral cabrera cade cady cagle cahill cain calderon caldwell calhoun calkins call callahan
callaway callender calloway calvert calvin camacho cameron camp campbell campos canada canady
canales canfield cannon cano cantrell cantu canty capps caraballo carbone card carden cardenas
cardona cardoza cardwell carey carl carlin carlisle carlos carlson carlton carman carmichael
carmona carnahan carnes carney caro caron carpenter carr carranza carrasco carrier carrillo
carrington carrion carroll carson carter cartwright caruso carvalho carver cary casas case casey
cash casillas cason casper cass cassidy castaneda casteel castellanos castillo castle castleberry
castro caswell cates cathey cato caudill caudle causey cavanaugh cavazos cave cecil centeno cerda
cervantes chacon chadwick chaffin chalmers chamberlain chamberlin chambers champagne champion chan
chance chandler chaney chang chapa chapin chapman chappell charles charlton chase chastain chatman
chavarria chavez chavis cheatham cheek chen cheney cheng cherry chester chestnut cheung childers
childress childs chilton chin chisholm chisolm cho choate choi chong chow christensen christenson
christian christiansen christianson christie christman christopher christy chu chun chung church
churchill cintron cisneros clancy clanton clapp clark clarke clarkson clary clawson clay clayton
cleary clem clemens clement clements clemmons clemons cleveland clevenger clifford clifton cline
clinton close cloud clough cloutier coates coats cobb cobbs coble coburn cochran cockrell cody coe
coffey coffin coffman cohen cohn coker colbert colburn colby cole coleman coles coley collazo
colley collier collins colon colson colvin colwell combs comer compton comstock concepcion condon
cone conklin conley conn connell connelly conner connolly connor connors conover conrad conroy
conti contreras conway conyers cook cooke cooks cooley coombs coon cooney cooper cope copeland
copley corbett corbin corcoran cordell cordero cordova corey corley cormier cornelius cornell
cornett cornish cornwell corona coronado corral correa correia corrigan cortes cortez cosby costa
costello cota cote cotter cotton cottrell couch coughlin coulter council counts courtney cousins
couture covert covington cowan cowart cox coy coyle coyne crabtree craddock craft craig crain
cramer crandall crane cranford craven crawford crawley crayton creech creel creighton crenshaw
crespo crews crider crisp crist crittenden crocker crockett croft cromer cromwell cronin crook
crooks crosby cross croteau crouch crouse crow crowder crowe crowell crowley crum crump cruse
crutcher crutchfield cruz cuellar cuevas culbertson cullen culp culpepper culver cummings cummins
cunningham curley curran currie currier curry curtis custer cutler cyr dahl daigle dailey daily
dale daley dallas dalton daly damico damron dancy dang dangelo daniel daniels danielson danner
darby darden darling darnell daugherty davenport david davidson davies davila davis davison
dawkins dawson day deal dean deaton decker dees dehart dejesus delacruz delagarza delaney delarosa
delatorre deleon delgado dellinger deloach delong delossantos deluca delvalle demarco demers
dempsey denham denney denning dennis dennison denny denson dent denton derrick desantis devine
devito devlin devore devries dewey dewitt dexter dial diamond dias diaz dick dickens dickerson
dickey dickinson dickson diehl dietrich dietz diggs dill dillard dillon dion dix dixon do doan
dobbins dobbs dobson dockery dodd dodge dodson doe doherty dolan doll domingo dominguez donahue
donald donaldson donnell donnelly donohue donovan dooley doran dorman dorn dorsey doss dotson doty
dougherty doughty douglas douglass dove dover dow dowd dowdy dowell dowling downey downing downs
doyle dozier drake draper drew driscoll driver drummond drury duarte dube dubois dubose duckett
duckworth dudley duff duffy dugan duggan dugger duke dukes dumas dunaway dunbar duncan dunham
dunlap dunn dunning dupont dupre dupree dupuis duran durant durbin durden durham dutton duval
duvall dwyer dye dyer dykes dyson earl earle earley early easley eason east easter easterling
eastman easton eaton eaves ebert echevarria echols eckert eddy edgar edge edmond edmonds edmondson
edward edwards egan eggleston elam elder eldridge elias elizondo elkins eller ellington elliot
elliott ellis ellison ellsworth elmore elrod ely emanuel embry emerson emery emmons engel england
engle english ennis enos enriquez epperson epps epstein erickson ernst ervin erwin escalante
escamilla escobar escobedo esparza espinal espinosa espinoza esposito esquivel estep estes estrada
etheridge eubanks evans everett everhart evers ewing ezell faber fagan fahey fain fair fairbanks
fairchild fairley faison fajardo falcon falk fallon fanning farias farley farmer farnsworth farr
farrar farrell farrington farris farrow faulk faulkner faust fay felder feldman feliciano felix
felton fennell fenner fenton ferguson fernandes fernandez ferrara ferraro ferreira ferrell ferrer
ferris ferry field fields fierro figueroa finch fincher findley fine fink finley finn finney
fischer fish fisher fishman fisk fitch fitzgerald fitzpatrick fitzsimmons flaherty flanagan
flanders flannery fleming fletcher flint flood florence flores flowers floyd flynn fogle foley
folse folsom fong fonseca fontaine fontenot foote forbes ford foreman forman forrest forrester
forsyth forsythe fort forte fortenberry fortier fortin fortner fortune foss foster fountain
fournier foust fowler fox foy fraley france francis francisco franco francois frank franklin
franks frantz franz fraser frazier frederick free freedman freeman freitas french frey frias
friedman friend fritz frost fry frye fuchs fuentes fugate fuller fullerton fulmer fulton fultz
funk fuqua furman furr gable gabriel gaddis gaddy gaffney gage gagne gagnon gaines gaither galarza
gale galindo gallagher gallant gallardo gallegos gallo galloway galvan galvez galvin gamble gamboa
gamez gandy gann gannon gant gantt garber garcia gardiner gardner garland garner garnett garrett
garris garrison garvey garvin gary garza gaskin gaskins gaston gates gatlin gauthier gavin gay
geary gee geiger gentile gentry george gerard gerber german gibbons gibbs gibson gifford gil
gilbert gilchrist giles gill gillen gillespie gillette gilley gilliam gilliland gillis gilman
gilmore ginn giordano gipson girard gist givens gladden glaser glass gleason glenn glover glynn
goad goble goddard godfrey godwin goetz goff goforth goins gold goldberg golden goldman goldsmith
goldstein gomes gomez gonzales gonzalez gooch good goode gooden goodman goodrich goodson goodwin
gordon gore gorham gorman goss gossett gough gould grace grady graf graff graham granados granger
grant grantham graves gray grayson greco green greenberg greene greenfield greenlee greenwood
greer gregg gregory greiner grenier gresham grey grice grier griffin griffis griffith griffiths
griggs grigsby grimes grimm grisham grissom griswold grogan grooms gross grossman grove grover
groves grubb grubbs gruber guajardo guenther guerra guerrero guest guevara guffey guidry guillen
guillory guinn gulley gunderson gunn gunter gunther gurley gustafson guthrie gutierrez guy guyton
guzman haag haas hacker hackett hackney hadley hagan hagen hager haggard haggerty hahn haight
hailey haines hairston halcomb hale haley hall hallman halverson ham hamblin hamby hamel hamer
hamilton hamlin hamm hammer hammett hammond hammonds hammons hampton hamrick han hancock hand
handley handy hanes haney hankins hanks hanley hanlon hanna hannah hannon hansen hanson harbin
harden harder hardesty hardin harding hardison hardman hardwick hardy hare hargis hargrove harkins
harlan harley harlow harman harmon harms harness harp harper harrell harrington harris harrison
harry hart harter hartley hartman harvey harwood haskell haskins hass hassell hastings hatch
hatcher hatchett hatfield hathaway hatton haugen hauser havens hawes hawk hawkins hawks hawley
hawthorne hay hayden hayes haynes hays hayward haywood hazel head headley headrick healey healy
heard hearn heath heaton hebert heck heckman hedges hedrick heffner hefner heim hein heinz heller
helm helms helton hemphill henderson hendrick hendricks hendrickson hendrix henley henning henry
hensley henson her herbert heredia herman hernandez herndon herr herrera herrick herring
herrington herrmann herron herzog hess hester hewitt hiatt hibbard hickey hickman hicks hidalgo
higdon higginbotham higgins higgs high hightower hildebrand hildreth hill hilliard hillman hills
hilton himes hinds hines hinkle hinojosa hinson hinton hirsch hitchcock hite hitt ho hoang hobbs
hobson hodge hodges hodgson hoff hoffman hoffmann hogan hogg hogue holbrook holcomb holden holder
holguin holland holley holliday hollingsworth hollins hollis holloman holloway holly holm holman
holmes holt holton honeycutt hong hood hook hooker hooks hooper hoover hope hopkins hopper hopson
horn horne horner hornsby horton horvath hoskins hostetler houck hough houghton houle house houser
houston howard howe howell howland hoy hoyle hoyt hsu huang hubbard huber hubert huddleston
hudgins hudson huerta huey huff huffman huggins hughes hull hulsey humes hummel humphrey humphreys
humphries hundley hunt hunter huntley hurd hurley hurst hurt hurtado hussey huston hutcherson
hutchings hutchins hutchinson hutchison hutson hutto hutton huynh hwang hyatt hyde hyman ibarra
ingle ingram inman irby ireland irish irizarry irvin irvine irving irwin isaac isaacs isaacson
isbell isom ison israel iverson ivey ivory ivy jack jacks jackson jacob jacobs jacobsen jacobson
jacoby jacques jaeger james jameson jamison janes jansen janssen jaramillo jarrell jarrett jarvis
jasper jay jean jefferies jeffers jefferson jeffery jeffrey jeffries jenkins jennings jensen
jernigan jessup jeter jett jewell jewett jimenez jobe joe johansen john johns johnson johnston
joiner jolley jolly jones jordan jordon jorgensen joseph joy joyce joyner juarez judd jude judge
julian jung justice kahn kaiser kaminski kane kang kaplan karr katz kauffman kaufman kay kearney
kearns keating keaton keck kee keefe keefer keegan keel keeler keeling keen keenan keene keener
keeney keeton keith keller kelley kellogg kelly kelsey kelso kemp kemper kendall kendrick kennedy
kenney kenny kent kenyon kern kerns kerr kessler key keyes keys khan kidd kilgore killian
kilpatrick kim kimball kimble kimbrough kimmel kincaid kinder king kingsley kinney kinsey kirby
kirchner kirk kirkland kirkpatrick kirkwood kiser kitchen kitchens klein kline knapp knight knoll
knott knowles knowlton knox knudsen knutson koch koehler koenig kohler kolb koonce koontz kopp
kowalski kozlowski kraft kramer kraus krause krebs krueger kruger kruse kuhn kunkel kurtz
kuykendall kyle labbe lacey lachance lackey lacroix lacy ladd ladner lafleur lai laird lake lam
lamar lamb lambert lamm lancaster lance land landers landis landrum landry lane laney lang langdon
lange langford langley langlois langston lanham lanier lankford lantz laplante lapointe laporte
lara large larkin larose larry larsen larson larue lash lassiter laster latham latimer lau
laughlin lavender lavigne lavoie law lawler lawless lawrence laws lawson lawton lay layman layne
layton le lea leach leahy leal lear leary leavitt leblanc leclair ledbetter ledesma ledford ledoux
lee leger legg leggett lehman lehmann leigh leighton lemay lemieux lemon lemons lemus lentz lenz
leon leonard leone lerma leslie lester leung levesque levin levine levy lewandowski lewis leyva li
libby light lightfoot ligon liles lilley lilly lim lima limon lin linares lincoln lind lindberg
linder lindley lindquist lindsay lindsey link linn linton lipscomb lira little littlefield
littlejohn littleton liu lively livingston lloyd lo locke lockett lockhart locklear lockwood
loftis lofton logan logsdon lomax lombardi lombardo london long longo longoria loomis looney lopes
lopez lord lorenz lorenzo lott louis love lovejoy lovelace loveless lovell lovett loving low lowe
lowell lowery lowry loy loyd lozano lu lucas luce lucero luckett ludwig lugo lujan luke lumpkin
luna lund lundy lunsford lusk luster luther luttrell lutz ly lyle lyles lyman lynch lynn lyon
lyons lytle ma mabe mabry macdonald mace machado macias mack mackay mackenzie mackey macklin macon
madden maddox madison madrid madrigal madsen maestas magana magee maguire mahan maher mahon
mahoney maier main major majors malcolm maldonado mallory malloy malone maloney mancuso mangum
manley mann manning mansfield manson manuel maples march marcum marcus mares marin marino marion
mark markham marks marlow marlowe marquez marquis marr marrero marroquin marsh marshall martel
martell martens martin martindale martinez martino martz marvin marx mason massey massie masters
masterson mata matheny mathews mathis matlock matos matson matthew matthews mattingly mattison
mattox mattson mauldin maupin maurer maxey maxwell may mayberry mayer mayes mayfield mayhew
maynard mayo mays mcadams mcafee mcalister mcallister mcarthur mcbee mcbride mccabe mccaffrey
mccain mccall mccallum mccann mccarter mccarthy mccartney mccarty mccauley mcclain mcclanahan
mcclellan mcclelland mcclendon mcclintock mccloskey mccloud mcclung mcclure mccollum mccombs
mcconnell mccool mccord mccorkle mccormack mccormick mccoy mccracken mccrary mccray mccreary mccue
mcculloch mccullough mccune mccurdy mccutcheon mcdaniel mcdaniels mcdermott mcdonald mcdonnell
mcdonough mcdougal mcdowell mcduffie mcelroy mcewen mcfadden mcfall mcfarland mcfarlane mcgee
mcghee mcgill mcginnis mcgovern mcgowan mcgrath mcgraw mcgregor mcgrew mcguire mchenry mchugh
mcinnis mcintire mcintosh mcintyre mckay mckee mckenna mckenzie mckinley mckinney mckinnon
mcknight mclain mclaughlin mclaurin mclean mclemore mclendon mcleod mcmahan mcmahon mcmanus
mcmillan mcmillen mcmillian mcmullen mcmurray mcnabb mcnair mcnally mcnamara mcneal mcneely mcneil
mcneill mcnulty mcnutt mcpherson mcqueen mcrae mcswain mcvay mcvey mcwhorter mcwilliams mead meade
meador meadows means medeiros medina medley medlin medrano meehan meek meeker meeks meier mejia
melancon melendez mello melton melvin mena menard mendenhall mendez mendoza menendez mercado
mercer merchant mercier meredith merrick merrill merritt mesa messer messina metcalf metz metzger
metzler meyer meyers meza michael michaels michaud michel middleton milam milburn miles millard
miller milligan mills milner milton mims miner minnick minor minter minton mintz miranda mireles
mitchell mixon mize mobley mock moe moeller moffett moffitt mohr mojica molina monahan moniz monk
monroe monson montague montalvo montanez montano montero montes montgomery montoya moody moon
mooney moore mora morales moran moreau morehead moreland moreno morey morgan morin morley morrell
morrill morris morrison morrissey morrow morse mortensen morton mosby moseley moser moses mosher
mosier mosley moss motley mott moulton mount moya moye moyer mueller muir mull mullen muller
mulligan mullin mullins mullis muncy muniz munoz munson murdock murillo murphy murray murrell
murry muse musgrove musser myers myles myrick nabors nadeau nagel nagle nagy najera nance napier
naquin nash nava navarro naylor neal needham neeley neely neff negrete negron neil neill nelson
nesbitt ness nettles neuman neumann nevarez neville new newberry newby newcomb newell newkirk
newman newsom newsome newton ng ngo nguyen nicholas nichols nicholson nickerson nielsen nielson
nieto nieves niles nix nixon noble nobles noe noel nolan noland nolen noonan noriega norman norris
north norton norwood novak nowak noyes nugent numbers nunes nunez nunn nutt nye oakes oakley oaks
oates obrien ocampo ocasio ochoa oconnell oconnor odell oden odom odonnell ogden ogle oglesby oh
ohara ojeda okeefe oldham oleary oliphant oliva olivares olivarez olivas oliveira oliver olmstead
olsen olson olvera omalley oneal oneil oneill ontiveros oreilly orlando ornelas orosco orourke
orozco orr ortega ortiz osborn osborne osburn osgood osorio ostrander osullivan oswald otero otis
otoole ott otto ouellette outlaw overstreet overton owen owens pace pacheco pack packard padgett
padilla pagan page paige paine painter pak palacios palma palmer palumbo pannell pantoja pappas
paquette paradis paredes parent parham paris parish park parker parkinson parks parnell parr parra
parris parrish parrott parry parson parsons partin partridge pate patel paterson patrick patten
patterson patton paul pauley paulsen paulson paxton payne payton paz peace peachey peacock peak
pearce pearson pease peck pedersen pederson peebles peek peeples pelletier pemberton pena pence
pendergrass pendleton penn pennell pennington penny peoples pepper perales peralta perdue pereira
perez perkins perreault perry perryman person peter peterman peters petersen peterson petit pettit
petty peyton pfeiffer pham phan phelan phelps phillips phipps picard pickard pickens pickering
pickett pierce pierre pierson pike pimentel pina pineda pinson pinto piper pipkin pitt pittman
pitts plante platt plummer plunkett poe pogue poindexter pointer poirier polanco polk pollack
pollard pollock ponce pond ponder pool poole poore pope porter porterfield portillo posey post
poston potter potts poulin powell power powers prado prater prather pratt prentice prescott
presley pressley preston prewitt price prichard pride pridgen priest prieto prince pringle
pritchard pritchett proctor proffitt provost pruett pruitt pryor puckett puente pugh pulido pullen
pulliam purcell purdy purnell purvis putman putnam pyle qualls quarles queen quezada quick quigley
quinn quinones quintana quintanilla quintero quiroz rader radford ragan ragland ragsdale raines
rainey rains ralph ralston ramey ramirez ramon ramos ramsey rand randall randle randolph raney
rangel rankin ransom rapp rash rasmussen ratcliff ratliff rawlings rawls ray rayburn raymond rea
read reagan reardon reaves rector redd redden reddick redding reddy redman redmond reece reed
reeder reedy rees reese reeves regalado regan register reich reichert reid reilly reinhardt reis
reiter rendon renfro renner reno renteria reyes reyna reynolds reynoso rhea rhoades rhoads rhodes
ricci rice rich richard richards richardson richey richie richmond richter rickard ricker ricketts
rickman ricks rico riddick riddle ridenour rider ridgeway ridley riggins riggs rigsby riley
rinehart ring rios ripley ritchey ritchie ritter rivas rivera rivers rizzo roach roark robb
robbins roberge roberson robert roberts robertson robinette robins robinson robison robles roby
rocha roche rock rockwell roden roderick rodgers rodrigue rodrigues rodriguez rodriquez roe rogers
rojas roland rollins roman romano romeo romero romo roney rooney root roper rosa rosado rosales
rosario rosas rose rosen rosenberg rosenthal ross rosser rossi roth rounds rountree rouse roush
rousseau rowan rowe rowell rowland rowley roy royal royer royster rubin rubio ruby rucker rudd
rudolph ruff ruffin ruiz runyon rupp rush rushing russ russell russo rust ruth rutherford rutledge
ryan ryder saavedra sadler saenz sage sager salas salazar salcedo salcido saldana sales salgado
salinas salisbury salley salmon salter sammons sample samples sampson sams samson samuel samuels
sanborn sanchez sander sanders sanderson sandlin sandoval sands sanford santana santiago santos
sapp sargent sasser satterfield saucedo saucier sauer sauls saunders savage savoy sawyer sawyers
saxton saylor scales scanlon scarborough scarbrough schaefer schaeffer schafer schaffer schell
scherer schilling schmid schmidt schmitt schmitz schneider schofield schott schrader schreiber
schroeder schubert schuler schulte schultz schulz schumacher schuster schwab schwartz schwarz
schweitzer scott scroggins scruggs seal seals seaman searcy sears seaton seay see seeley segura
seibert seifert seitz selby self sell sellers sells sepulveda serna serrano sessions settle
severson seward sewell sexton seymour shackelford shade shafer shaffer shah shank shanks shannon
shapiro sharp sharpe shaver shaw shay shea shearer sheehan sheets sheffield shelby sheldon shell
shelley shelton shepard shepherd sheppard sheridan sherman sherrill sherrod sherwood shields shin
shinn shipley shipman shipp shirley shockley shoemaker shook short shorter shrader shuler shull
shultz shuman shumate sibley siegel sierra sigler sikes siler silva silver silverman simmons simms
simon simons simpkins simpson sims sinclair singer singh singletary singleton sisk sisson sizemore
skaggs skelton skidmore skinner skipper slack slade slagle slater slaughter sledge sloan slocum
slone small smalley smalls smallwood smart smiley smith smithson smoot smothers snead sneed snell
snider snipes snodgrass snow snowden snyder soares solano solis soliz solomon somers sommers song
sorensen sorenson soriano sorrell sosa sotelo soto sousa south southerland southern souza sowell
sowers spain spangler spann sparkman sparks sparrow spaulding spear spearman spears speer spellman
spence spencer spicer spivey spooner spradlin sprague spring springer sprouse spruill spurlock
squires stacey stack stacy stafford staggs stahl staley stallings stallworth stamper stamps
stanfield stanford stanley stanton staples stapleton stark starkey starks starling starnes starr
staten staton stauffer stclair stearns steed steele steen steffen stein steinberg steiner stephen
stephens stephenson stepp sterling stern stevens stevenson steward stewart stiles still stillwell
stiltner stine stinnett stinson stjohn stock stockton stoddard stokes stoll stone stoner storey
story stout stovall stover stowe stpierre strain strand strange stratton strauss street streeter
strickland stringer strong strother stroud stuart stubblefield stubbs stuckey stull stump sturgeon
sturgill styles suarez suggs sullivan summers sumner sumpter sutherland sutter sutton swafford
swain swan swank swann swanson swartz sweat sweeney sweet swenson swift swisher switzer sykes
sylvester taber tabor tackett taft taggart talbert talbot talley tam tamayo tan tanaka tang tanner
tapia tarver tate tatum tavares taylor teague teal teel tellez temple templeton tennant terrell
terry thacker thao tharp thayer thibodeau thibodeaux thigpen thomas thomason thompson thomson
thorn thorne thornton thorpe thorton thrasher thurman thurston tibbs tice tidwell tierney tijerina
tillery tilley tillman tilton timmons tinsley tipton tirado tisdale titus tobias tobin todd
tolbert toledo toler toliver tolliver tom tomlin tomlinson tompkins toney toro torres torrez toth
tovar towns townsend tracy trahan trammell tran trapp trask travis traylor treadwell trejo
tremblay trent trevino tribble trice trimble trinidad triplett tripp trotter trout troutman true
truitt trujillo truong tubbs tuck tucker tuggle turk turley turnbull turner turney turpin tuttle
tyler tyner tyree tyson ulrich underhill underwood unger upchurch upshaw upton urban urbina uribe
utley vail valadez valdes valdez valencia valentin valentine valenzuela valerio valle vallejo
valles vance vandyke vang vanhorn vanmeter vann varela vargas varner varney vasquez vaughan vaughn
vaught vazquez vega vela velasco velasquez velazquez velez venable venegas ventura vera vernon
vest vetter vick vickers vickery vidal viera vigil villa villalobos villanueva villareal
villarreal villegas vincent vines vinson vitale vo vogel vogt voss vu vue waddell wade wadsworth
waggoner wagner wagoner wahl waite wakefield walden waldron waldrop walker wall wallace waller
walling wallis walls walsh walter walters walton wang ward warden ware warfield warner warren
washburn washington wasson waterman waters watkins watson watt watters watts waugh way wayne
weatherford weatherly weathers weaver webb webber weber webster weed weeks weems weiner weinstein
weir weiss welch weldon weller wellman wells welsh wendt wentworth wenzel werner wertz wesley west
westbrook westfall westmoreland weston wetzel whalen whaley wharton whatley wheat wheatley wheaton
wheeler whipple whitaker whitcomb white whited whitehead whitehurst whiteside whitfield whiting
whitley whitlock whitlow whitman whitmire whitmore whitney whitson whitt whittaker whitten
whittington whittle whitworth wicker wicks wiese wiggins wilbanks wilbur wilburn wilcox wild wilde
wilder wiles wiley wilhelm wilkerson wilkes wilkins wilkinson wilks willard willett willey william
williams williamson williford willingham willis willoughby wills willson wilson wimberly
winchester windham winfield winfrey wing wingate wingfield winkler winn winslow winstead winston
winter winters wirth wise wiseman withers witherspoon witt wofford wolf wolfe wolff wolford womack
wong woo wood woodall woodard woodcock wooden woodley woodruff woods woodson woodward woodworth
woody wooldridge wooten worden workman worley worrell worthington worthy wray wren wright wu wyatt
wylie wyman wynn wynne xiong yancey yanez yang yarbrough yates yazzie ybarra yeager yee yi yoder
york yost young youngblood younger yount yu zamora zapata zaragoza zarate zavala zeigler zeller
zepeda zhang ziegler zielinski zimmer zimmerman zook zuniga
"""
)
