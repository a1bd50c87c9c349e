// A question as the public site sends it.

/** The question of the demonstration, or of a test: an invented family of Amiens. */
export function enquiry({
  name = "Maëlle Caron",
  subject,
  text,
  relation = "self",
  postalCode = "80000",
  phone = "06 39 98 41 27",
} = {}) {
  return {
    channel: "chat",
    ...(subject === undefined ? {} : { subject }),
    requester: {
      name,
      relation,
      mail: "famille@example.org",
      phone,
      category: "high_school",
      class_level: "Tle G",
      school: "Lycée Robert-de-Luzarches",
      postal_code: postalCode,
    },
    messages: [
      {
        from: "family",
        text:
          text ??
          "Bonjour, j’hésite entre une licence de psychologie et une école d’infirmiers. Est-ce que je peux en parler à quelqu’un près de chez moi ?",
      },
    ],
    consent: true,
  };
}
