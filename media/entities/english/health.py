"""Health conditions and medicines that callers name, as words and as endings."""

from __future__ import annotations

from typing import Final

from media.entities.english.listing import phrases

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
        vertigo, tinnitus, neuropathy, long covid"""
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

TERMS: Final = frozenset(phrases(_CONDITIONS) + phrases(_MEDICINES))

ENDINGS: Final = (
    "pril", "sartan", "statin", "olol", "prazole", "cillin", "mycin", "oxetine", "azepam", "zolam",
    "formin", "gliptin", "gliflozin", "mab", "parin", "xaban", "tidine", "triptan", "vir", "itis",
    "opathy", "emia", "ectomy", "carcinoma", "sclerosis", "plegia",
)  # fmt: skip
"""Endings of medicines and conditions, of words that are not everyday ones."""
