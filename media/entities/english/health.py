"""Health conditions and medicines that callers name, as words and as endings."""

from __future__ import annotations

from typing import Final

from media.entities.english.listing import phrases, words

_CONDITIONS: Final = """diabetes, diabetic, type 1 diabetes, type 2 diabetes, cancer, breast
        cancer, lung cancer, prostate cancer, skin cancer, leukemia, lymphoma, melanoma, tumor,
        tumour, asthma, copd, emphysema, hypertension, high blood pressure, low blood pressure,
        heart disease, heart attack, heart failure, heart condition, stroke, angina, arrhythmia,
        atrial fibrillation, high cholesterol, anemia, anaemia, epilepsy, epileptic, seizure,
        seizures, migraine, migraines, depression, clinical depression, anxiety disorder, panic
        attacks, panic disorder, bipolar, bipolar disorder, schizophrenia, adhd, autism,
        autistic, ocd, ptsd, dementia, alzheimer's, alzheimers, parkinson's, parkinsons,
        multiple sclerosis, lupus, arthritis, rheumatoid arthritis, osteoporosis, fibromyalgia,
        gout, hiv, aids, hiv positive, hepatitis, hepatitis b, hepatitis c, tuberculosis,
        pneumonia, bronchitis, herpes, chlamydia, gonorrhea, syphilis, kidney disease, kidney
        failure, dialysis, kidney stones, liver disease, cirrhosis, crohn's, crohn's disease,
        crohns, colitis, ulcerative colitis, celiac, celiac disease, irritable bowel, acid
        reflux, ulcer, ulcers, thyroid, hypothyroidism, hyperthyroidism, glaucoma, cataracts,
        macular degeneration, psoriasis, eczema, pregnant, pregnancy, miscarriage, abortion,
        endometriosis, infertility, menopause, eating disorder, anorexia, bulimia, alcoholism,
        alcoholic, addiction, overdose, sleep apnea, sleep apnoea, insomnia, sciatica,
        chemotherapy, chemo, radiation therapy, appendicitis, hernia, concussion, sickle cell,
        cystic fibrosis, muscular dystrophy, cerebral palsy, down syndrome, obesity, chronic
        pain, chronic fatigue, std, sti, blood clot, blood clots, deep vein thrombosis,
        pancreatitis, gallstones, shingles, lyme disease, panic attack, suicidal, self harm,
        vertigo, tinnitus, neuropathy, long covid, herniated disc, herniated disk, bad back, slipped
        disc, slipped disk, irregular heartbeat, high blood sugar, low blood sugar, blood sugar,
        mental
        illness, nervous breakdown, mini stroke, heart murmur, heart bypass, open heart surgery,
        on chemo, in remission, in rehab, on dialysis, blood transfusion, organ transplant,
        c section, caesarean, hearing loss, hearing aid, legally blind, colour blind, wheelchair
        user, pacemaker, stent, insulin pump, colostomy bag, prosthetic leg, restless legs, kidney
        stone, gallbladder, hemorrhoids, haemorrhoids, scoliosis, lactose intolerant, gluten
        intolerant, coeliac, anaphylaxis, malaria, measles, mumps, chickenpox, whooping cough,
        rabies,
        food poisoning, blood poisoning, erectile dysfunction, incontinence, pneumothorax,
        stillbirth,
        ivf, vasectomy, hysterectomy, mastectomy, biopsy, asperger's, tourette's, dyslexia,
        dyslexic, palsy, hemophilia, haemophilia, edema, oedema, paraplegic, quadriplegic"""
_REMEDIES: Final = """blood thinners, blood thinner, beta blocker, beta blockers, antidepressant,
        antidepressants, painkiller, painkillers, antibiotics, steroids, sleeping pills,
        tranquilizers, opioids, birth control, inhaler, chemotherapy, immunosuppressants,
        antipsychotics, statins, anticoagulants, water pills, blood pressure medication,
        blood pressure pills, heart medication, aspirin, paracetamol, acetaminophen, tylenol,
        advil, zithromax, cortisone, hydrocortisone, digoxin, spironolactone, allopurinol,
        tamsulosin, finasteride, baclofen, cyclobenzaprine, meloxicam, diclofenac, celebrex,
        carvedilol, levetiracetam, lamotrigine, topiramate, carbamazepine, valproate, aripiprazole,
        olanzapine, risperidone, buspirone, mirtazapine, hydroxyzine, montelukast, sildenafil,
        semaglutide, adalimumab, naloxone, buprenorphine, pregabalin"""
_MEDICINES: Final = """metformin, insulin, lisinopril, atorvastatin, lipitor, simvastatin,
        amlodipine, losartan, metoprolol, atenolol, propranolol, omeprazole, prilosec,
        pantoprazole, levothyroxine, synthroid, albuterol, ventolin, prednisone, gabapentin,
        lyrica, sertraline, zoloft, fluoxetine, prozac, escitalopram, lexapro, citalopram,
        celexa, bupropion, wellbutrin, venlafaxine, effexor, duloxetine, cymbalta, trazodone,
        xanax, alprazolam, valium, diazepam, ativan, lorazepam, klonopin, clonazepam, ambien,
        zolpidem, adderall, ritalin, vyvanse, concerta, lithium, seroquel, quetiapine, abilify,
        risperdal, zyprexa, warfarin, coumadin, eliquis, xarelto, plavix, clopidogrel,
        oxycodone, oxycontin, percocet, hydrocodone, vicodin, morphine, fentanyl, tramadol,
        codeine, methadone, suboxone, naltrexone, humira, enbrel, methotrexate, ozempic, wegovy,
        mounjaro, trulicity, januvia, jardiance, viagra, cialis, truvada, hydrochlorothiazide,
        furosemide, lasix, amoxicillin, azithromycin, ciprofloxacin, doxycycline, penicillin,
        ibuprofen, naproxen, tamoxifen, keppra, topamax, lamictal, depakote, estradiol,
        testosterone, singulair, advair, symbicort, nexium, crestor, rosuvastatin, benadryl,
        paxlovid, tamiflu, epipen, nitroglycerin"""

TERMS: Final = frozenset(phrases(_CONDITIONS) + phrases(_MEDICINES) + phrases(_REMEDIES))

BODY: Final = words(
    """heart kidney liver lung stomach back knee hip brain bladder bowel thyroid skin blood spine
    spinal shoulder prostate breast colon throat leg ankle wrist arm foot neck eye ear nose sinus
    rib ribs pelvis jaw finger toe elbow tendon ligament meniscus acl disc disk hernia cornea
    retina ovary ovarian cervical uterine testicular pancreas pancreatic gallbladder artery
    coronary cardiac renal hepatic pulmonary respiratory bronchial gastric intestinal muscle
    joint bone nerve chest urinary tract yeast vision hearing immune heartbeat vertebra"""
)
TROUBLES: Final = words(
    """disease disorder syndrome infection infections failure injury surgery transplant operation
    ulcer ulcers cancer tumor tumour pain pains condition replacement bypass deficiency palsy
    dystrophy sclerosis fracture degeneration murmur spasms cramps allergy allergies intolerance
    trouble"""
)
"""What something of the body has, and then is a condition."""
STATES: Final = words(
    """chronic acute severe mild torn herniated slipped broken fractured sprained ruptured bleeding
    enlarged irregular swollen infected artificial bad weak pinched collapsed perforated
    malignant benign terminal congenital autoimmune psychotic bipolar anxiety panic personality
    eating sleep attention mood seizure bleeding clotting peanut nut penicillin shellfish gluten
    lactose latex hay pollen bee rare stage early late advanced metastatic type one two 1 2 3 4"""
)
"""Words before a trouble, or before a part of the body, that make a condition of it."""
HURTS: Final = words(
    "broken torn herniated slipped fractured sprained ruptured bad weak irregular "
    "enlarged pinched collapsed bleeding swollen infected artificial"
)
"""States that a part of the body alone suffices for: "a torn ligament"."""
HURTING: Final = words("broke fractured sprained tore ruptured dislocated injured")
"""Verbs after which "my leg" is a condition."""

ENDINGS: Final = (
    "pril",
    "sartan",
    "statin",
    "olol",
    "prazole",
    "cillin",
    "mycin",
    "oxetine",
    "azepam",
    "zolam",
    "formin",
    "gliptin",
    "gliflozin",
    "mab",
    "parin",
    "xaban",
    "tidine",
    "triptan",
    "vir",
    "itis",
    "opathy",
    "emia",
    "aemia",
    "ectomy",
    "carcinoma",
    "sclerosis",
    "plegia",
    "osis",
    "oma",
    "azole",
    "olone",
    "lukast",
    "dipine",
    "semide",
    "thiazide",
    "cycline",
    "floxacin",
    "profen",
    "setron",
    "barbital",
    "phylline",
    "algia",
    "rrhea",
    "rrhoea",
    "iasis",
    "plasty",
    "ostomy",
    "oscopy",
    "dystrophy",
    "axel",
    "afil",
    "pidem",
    "azosin",
    "glutide",
    "lizumab",
)
NOT_MEDICAL: Final = words(
    """diagnosis prognosis hypnosis osmosis metamorphosis diploma diplomas oklahoma tacoma sonoma
    aroma academia bohemia metropolis sympathy empathy apathy telepathy antipathy colorado
    la-paloma arizona pixel"""
)
"""Words that only sound like medicine."""  # fmt: skip
"""Endings of medicines and conditions, of words that are not everyday ones."""
