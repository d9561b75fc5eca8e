"""A made-up series of meetings, with everything that views of classes tell: two held, one planned, one unknown."""

REGISTER = """
:series a cmq:MeetingSeries ; rdfs:label "Meetings of the lake council"@en .
:m1 rdfs:label "First meeting"@en . :m4 rdfs:label "Fourth meeting"@en . :m5 rdfs:label "Fifth meeting"@en .
:plan rdfs:label "Fifth meeting, as planned"@en .
:ada a foaf:Person ; rdfs:label "Ada Moss"@en . :ben a foaf:Person ; rdfs:label "Ben Reed"@en .
:malta a cmq:State ; rdfs:label "Malta"@en ; skos:notation "470"^^cmq:m49 .
:chad a cmq:State ; rdfs:label "Chad"@en ; skos:notation "TCD"^^cmq:iso3166Alpha3 .
:lakeland a cmq:State ; rdfs:label "Lakeland"@en .
:keeper a cmq:Office ; rdfs:label "Keeper of Malta"@en ; cmq:officeOf :malta .
:warden a cmq:Office ; rdfs:label "Warden of Chad"@en ; cmq:officeOf :chad .
:head a skos:Concept ; rdfs:label "head"@en . :deputy a skos:Concept ; rdfs:label "deputy"@en .
:water a cmq:Topic ; skos:prefLabel "water"@en ; skos:broader :nature .
:nature a cmq:Topic ; skos:prefLabel "nature"@en .
:p1 rdfs:label "Proposal on boats"@en . :p2 rdfs:label "Proposal on nets"@en .
:d1 rdfs:label "Decision on boats"@en . :d2 rdfs:label "Decision to meet again"@en .
:all rdfs:label "400 fish"@en . :pike rdfs:label "Pike"@en . :carp rdfs:label "Carp"@en .
:curator a <http://www.w3.org/ns/prov#Agent> ; rdfs:label "The curator"@en .

GRAPH :register {
    :register a cmq:Register ; rdfs:label "Register"@en .
    :doc a cmq:SourceDocument ; rdfs:label "Report of the fourth meeting"@en ; cmq:reportsOn :m4 .
    :e1 a cmq:Passage ; cmq:inDocument :doc ; skos:notation "E1" ; cmq:gist "They met."@en ; oa:start 0 ; oa:end 20 .
    :e2 a cmq:Passage ; cmq:inDocument :doc ; skos:notation "E2" ; cmq:gist "Who came."@en ; oa:start 21 ; oa:end 60 .
    :e3 a cmq:Passage ; cmq:inDocument :doc ; skos:notation "E3" ; cmq:gist "What was said."@en ;
        oa:start 61 ; oa:end 99 .
    :early a cmq:Interpretation ; rdfs:label "It was the third of May"@en ; cmq:concerns :m4 ;
        cmq:hasCertainty <https://w3id.org/communique/code/certainty/low> ; cmq:rationale "A slip of the pen."@en ;
        <http://www.w3.org/ns/prov#wasAttributedTo> :curator .
    :late a cmq:Interpretation ; rdfs:label "It was the fourth of May"@en ; cmq:concerns :m4 ;
        cmq:hasCertainty <https://w3id.org/communique/code/certainty/high> ; cmq:rationale "The diary says so."@en .
    :taken a cmq:Interpretation ; rdfs:label "The boats are the same"@en ; cmq:concerns :p1 ;
        cmq:hasCertainty <https://w3id.org/communique/code/certainty/medium> ; cmq:rationale "Both speak of boats."@en .
    :sum a cmq:Interpretation ; rdfs:label "The shares add up to 90"@en ; cmq:rationale "60 and 30 are 90."@en .
    :paper a cmq:ExternalReport ; rdfs:label "Lake Gazette"@en .
}
GRAPH :e1 {
    :m4 a cmq:Meeting ; cmq:ordinal 4 ; cmq:inSeries :series ; cmq:hasDate :day ; cmq:hasChairmanship :chair .
    :chair cmq:chairedBy :malta .
    :day a cmq:DateExpression ; cmq:verbatim "3/4 May 2020" .
}
GRAPH :e2 {
    :m4 cmq:hasParticipation :part-1 , :part-2 ; cmq:discussed :water ; cmq:hasSpeech :talk .
    :talk a cmq:Speech ; cmq:deliveredBy :ben ; cmq:content "How the lake is."@en .
    :part-1 cmq:hasRole <https://w3id.org/communique/code/participation-role/participant> .
    :part-2 cmq:hasRole <https://w3id.org/communique/code/participation-role/observer> .
    :part-1 a cmq:Participation ; cmq:listingOrder 2 ; cmq:hasParticipant :ada ; cmq:nameAsPrinted "Ada Moss" ;
        cmq:inCapacityOf :held-1 ; cmq:officeAsPrinted "the Keeper" ; cmq:onBehalfOf :malta .
    :part-2 a cmq:Participation ; cmq:listingOrder 1 ; cmq:hasParticipant :ben ; cmq:nameAsPrinted "B. Reed" ;
        cmq:inCapacityOf :held-2 ; cmq:officeAsPrinted "the Warden" ; cmq:onBehalfOf :chad .
    :held-1 a cmq:OfficeHolding ; cmq:heldBy :ada ; cmq:ofOffice :keeper ; cmq:attestedAt :m4 .
    :held-2 a cmq:OfficeHolding ; cmq:heldBy :ben ; cmq:ofOffice :warden ; cmq:attestedAt :m4 .
}
GRAPH :e3 {
    :m4 cmq:hasDecision :d1 , :d2 .
    :p1 a cmq:Proposal ; cmq:content "Count the boats."@en ; cmq:madeBy :ada ; cmq:listingOrder 1 .
    :p2 a cmq:Proposal ; cmq:content "Mend the nets."@en ; cmq:madeBy :ada ; cmq:listingOrder 2 .
    :d1 a cmq:Decision ; cmq:content "Boats will be counted."@en ; cmq:listingOrder 1 .
    :d2 a cmq:Decision ; cmq:content "Meet again."@en ; cmq:listingOrder 2 .
    :plan a cmq:PlannedMeeting ; cmq:agreedBy :d2 ; cmq:ordinal 5 ; cmq:inSeries :series ; cmq:hostedBy :chad .
    :says a cmq:Claim ; cmq:content "The water is low."@en ; cmq:madeBy :ben ; cmq:about :water ;
        cmq:hasReportingMode <https://w3id.org/communique/code/reporting-mode/direct-quotation> .
    :bare a cmq:Claim ; cmq:content "Nets are old."@en .
    :all a cmq:StatisticalClaim ; cmq:content "There are 400 fish."@en ; cmq:value 400 ; cmq:valueAsPrinted "400" .
    :pike a cmq:StatisticalClaim ; cmq:content "Pike are 60%."@en ; cmq:value 60 ; cmq:valueAsPrinted "60%" ;
        cmq:hasUnit <https://w3id.org/communique/code/unit/percent> ; cmq:hasBase :all ; cmq:citesSource :malta .
    :carp a cmq:StatisticalClaim ; cmq:content "Carp are 30%."@en ; cmq:value 30 ; cmq:valueAsPrinted "30%" ;
        cmq:hasUnit <https://w3id.org/communique/code/unit/percent> ; cmq:hasBase :all .
}
GRAPH :early { :day cmq:reading "2020-05-03"^^xsd:date }
GRAPH :late { :day cmq:reading "2020-05-04"^^xsd:date . :keeper cmq:hasRank :head }
GRAPH :taken { :uptake a cmq:Uptake ; cmq:ofProposal :p1 ; cmq:byDecision :d1 ; cmq:hasStrength :close }
GRAPH :sum { :clash a cmq:Inconsistency ; cmq:involves :pike , :carp ; cmq:total 90 }
GRAPH :paper {
    :m1 a cmq:Meeting ; cmq:ordinal 1 ; cmq:inSeries :series ; schema:startDate "2011-06-01"^^xsd:date .
    :m5 a cmq:Meeting ; cmq:ordinal 5 ; cmq:inSeries :series ; cmq:executed :plan ; schema:startDate "2021"^^xsd:gYear ;
        cmq:hasParticipation :part-5 .
    :part-5 a cmq:Participation ; cmq:hasParticipant :ben ; cmq:onBehalfOf :chad .
    :rumour a cmq:Decision ; cmq:content "Ban the nets."@en . :m4 cmq:hasDecision :rumour .
}
"""
