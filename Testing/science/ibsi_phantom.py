"""The digital phantom of the Image Biomarker Standardisation Initiative, and the values it prints for it.

Reference manual (arXiv 1612.07003), section 5.1 and the tables of chapter 3; 74 voxels inside the mask in 4 slices.
"""

import numpy as np

_ = 0  # outside of the mask
PHANTOM = np.array([
    [[1, 4, 4, 1, 1], [1, 4, 6, 1, 1], [4, 1, 6, 4, 1], [4, 4, 6, 4, 1]],
    [[1, 4, 4, 1, 1], [1, 1, 6, 1, 1], [_, 1, 3, 1, 1], [4, 4, 6, 1, 1]],
    [[1, 4, 4, _, _], [1, 1, 1, 1, 1], [1, 1, _, 1, 1], [1, 1, 6, 1, 1]],
    [[1, 4, 4, _, _], [1, 1, 1, 1, 1], [1, 1, 1, 1, 1], [1, 1, 6, 1, 1]],
])
MASK = PHANTOM > 0

# Values by code; intensities of the whole phantom (3.3 and 3.4), kurtosis as the excess.
INTENSITY = {
    "Q4LE": 2.15, "ECT3": 3.05, "KE2A": 1.08, "IPH6": -0.355, "Y12H": 1, "1GSF": 1, "QG58": 1, "8DWT": 4, "84IY": 6,
    "SALO": 3, "2OJQ": 5, "4FUA": 1.55, "1128": 1.11, "N8CA": 567, "5ZWQ": 2.77, "TLU2": 1.27, "BJ5W": 0.512,
}
# "2D, averaged over slices and directions" (BTW3).
GLCM = {
    "GYBY": 0.519, "60VM": 2.14, "UR99": 2.69, "TU9B": 2.05, "TF7R": 1.42, "D3YU": 2.9, "NTRS": 1.4, "ZGXS": 4.28,
    "P6QZ": 1.6, "8ZQL": 0.368, "ACUI": 5.28, "8S9J": 1.42, "IB1Z": 0.678, "NDRX": 0.851, "WF0Z": 0.619, "1QCO": 0.899,
    "E8JP": 0.0567, "NI2N": -0.0121, "QWB0": 5.09, "DG8W": 5.47, "7NFM": 7, "AE86": 79.1, "R8DG": -0.155, "JN9H": 0.487,
}
GLRLM = {
    "22OV": 0.641, "W4KF": 3.78, "V3SW": 0.604, "G3QZ": 9.82, "HTZT": 0.294, "GD3A": 8.57, "IVPO": 3.14, "3KUM": 17.4,
    "R5YN": 5.2, "OVBL": 0.46, "W92Y": 6.12, "IC23": 0.492, "9ZK5": 0.627, "8CE5": 3.35, "SXLW": 0.761, "HJ9O": 2.17,
}
# "2D, averaged over slices" (8QNN).
GLSZM = {
    "5QRC": 0.363, "48P8": 43.9, "XMSY": 0.371, "5GN9": 16.4, "5RAI": 0.0259, "HW1V": 10.3, "YH51": 40.4, "J17V": 113,
    "JNSA": 1.41, "Y1RO": 0.323, "4JP3": 1.49, "VB3A": 0.333, "P30P": 0.24, "BYLV": 3.97, "3NSA": 21, "GU8N": 1.93,
}
NGTDM = {"QCDE": 0.121, "65HE": 0.925, "NQ30": 2.99, "HDEZ": 10.4, "1X9X": 2.88}
NGLDM = {
    "SODN": 0.158, "IMOQ": 19.2, "TL9H": 0.702, "OAE7": 7.49, "EQ3F": 0.0473, "JA6D": 3.06, "NBZI": 17.6, "9QMG": 49.5,
    "FP8K": 10.2, "Z87G": 3.96, "OKJI": 0.212, "1PFV": 2.7, "DNX2": 2.73, "FCBV": 2.71,
}
TEXTURE = {**GLCM, **GLRLM, **GLSZM, **NGTDM, **NGLDM}
