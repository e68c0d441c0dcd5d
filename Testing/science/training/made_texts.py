"""What people say of a made model: the texts of a card."""

TEXTS = """
title = "Test"
summary = "Test."
modality = "ultrasound"
dicom_modalities = ["US"]
intended_use = "Tests."
license = "Apache-2.0"
preprocessing = "As every model."
intensity_scaling = "As every model."
limits = ["Knows four phantoms."]
[target]
name = "Lesion"
category = ["SCT", "49755003", "Morphologically Altered Structure"]
type = ["SCT", "4147007", "Mass"]
region = ["SCT", "76752008", "Breast"]
color = [1.0, 0.5, 0.0]
[[training_data]]
dataset = "made"
name = "Phantoms"
license = "Apache-2.0"
citation = "This project"
"""
