/// What generated letters are made of: paragraphs of lines of at most 77 characters.
enum OfficeText {
    /// Subjects, none longer than a line.
    static let subjects = [
        "Minutes of Monday's meeting", "Quarterly figures for the branch", "Spare parts for the second press",
        "Delivery dates in March", "Holiday rota", "Re: the new telephone system", "Invoice 4711 and a question",
        "Visit of the auditors", "Price list, corrected", "Fire drill on Thursday", "Re: Re: where is the projector",
        "Draft of the contract", "Opening hours over Easter", "Warehouse stock, week 9", "Training for the sales desk",
    ]

    /// The paragraphs in octets. Lines end with CR LF, and an empty line ends each paragraph.
    static let paragraphs: [[UInt8]] = source.split(separator: "\n\n").map { paragraph in
        var octets: [UInt8] = []
        for line in paragraph.split(separator: "\n") {
            octets.append(contentsOf: line.utf8)
            octets.append(contentsOf: [0x0D, 0x0A])
        }
        return octets + [0x0D, 0x0A]
    }

    private static let source = """
        Thank you for your letter of last week. I have spoken to the warehouse, and
        they can have the pallets ready by Wednesday noon if the lorry comes to the
        south gate. The north gate stays closed until the cable work is finished.

        Please find below the figures for the month. Turnover is up by four per cent
        on last year, costs are level, and the backlog is down to nineteen orders.
        Two of them wait for parts from overseas and will not ship before the tenth.

        The meeting on Monday agreed to keep the present price list until the summer.
        Head office will send a new one in June. Until then any discount above five
        per cent needs a signature from the regional office, as before.

        A reminder that the line to the branch is shared. Large drawings are better
        sent in the evening, when the rate is low and nobody waits for the printer.

        ...and one more thing: the projector is back from repair. It stands in the
        small meeting room and should be returned there after use.

        The auditors arrive on Tuesday at nine. They will want to see the stock book,
        the petty cash and the list of keys. Margaret has kindly agreed to give up
        her office for the two days; please do not store any more boxes in it.

        Could you check invoice 4711 once more? The sum is right, but the delivery
        address is that of the old depot, and the carrier has charged us for the
        detour. I have asked them for a copy of the note that the driver signed.

        To install the new version, copy the following files to the server first:
        .profile and .forward from the home directory of the operator
        .ini files from the old machine, all of them
        Then restart the service and wait until the light on the modem goes out.

        Our customer in the valley has asked for a second quotation, this time with
        the larger motor and without the stand. Delivery would be in six weeks. They
        would like to see one running before they decide; can the branch arrange a
        visit to the dairy, where the first one has been at work since October?

        Fire drill on Thursday at eleven. Leave everything as it is, close windows,
        and meet at the bicycle shed. The drill takes ten minutes. Whoever is on the
        telephone should say so to the caller and hang up.

        Holiday rota: somebody with a key must be in the building every day between
        eight and five. At the moment nobody is down for the Friday after Easter.
        Volunteers please write to the office before the end of the week.

        We have had three complaints about wet cartons. All three consignments came
        through the same depot in the same week. Until we know more, please wrap the
        pallets twice and note the time of loading on the slip.

        The new telephone numbers are valid from the first of the month. The old ones
        will be answered by a recorded voice for half a year. Letterheads with the
        old numbers may be used up inside the house.
        .
        That was all for this week.

        I enclose the draft of the contract. Paragraphs three and seven are new, the
        rest is as agreed in January. Our lawyers have no objection; yours may want
        a word about the period of notice, which is now three months on both sides.

        Kind regards, and greetings to everybody at the branch.
        """
}
