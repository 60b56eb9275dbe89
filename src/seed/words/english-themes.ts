import { children, peers } from './english-people.ts'
import type { Theme } from './language.ts'

const illness: Theme = {
  situations: [
    '{who} has been ill {lately} and nobody can tell us why.',
    '{who} was taken to {ward} {last night|this morning|on {day}}.',
    'The doctors have found something in the scan of {who}.',
    'I ask your prayers for {who}, who has trouble with {their} {body}.',
    '{who} has a fever that will not go down.',
    'It has come back: {who} has to begin treatment again {soon}.',
    '{who} lies in {ward} and is very weak.',
  ],
  details: [
    'We wait for results that should come {soon}.',
    '{they} is tired and hardly eats.',
    '{they} tries to make jokes, but I can see how frightened {they} is.',
    'The treatment takes {few} months, they say.',
    'The new medicine makes {them} dizzy, and {they} has fallen once already.',
    'The doctor was kind and took a long time to explain everything.',
    'Pain keeps {them} awake most nights.',
    '{they} wants to be home by the holidays.',
    'I drive there every day after work.',
    '{they} held my hand and asked me to ask you.',
    'Nobody has said the word, but we are all thinking it.',
  ],
  asks: [
    '{pray} for healing, and for {gifts} until it comes.',
    '{pray} for the doctors and nurses too.',
    '{pray} that {they} may not be afraid.',
    'Ask with us that the treatment works.',
    'Pray for {gifts} for all of us.',
  ],
}

const surgery: Theme = {
  situations: [
    '{who} has surgery on {their} {body} {soon}.',
    'The operation of {who} was moved to {day}.',
    '{who} needs a new {hip|knee|valve}, and {they} is afraid of the anaesthetic.',
    '{soon} they will operate on {who} in {ward}.',
  ],
  details: [
    'It should take about {few} hours.',
    '{they} has never been in a hospital before.',
    'The surgeon says that it is routine, but it is not routine for us.',
    'We have to be there at six in the morning.',
    'Afterwards come {few} weeks in which {they} must not lift anything.',
    'I shall sit in that corridor with the green chairs again.',
    '{they} packed {their} bag days ago.',
    'There is some risk because of {their} {body}.',
  ],
  asks: [
    '{pray} for steady hands and a calm heart.',
    '{pray} that everything goes well and {they} recovers soon.',
    '{pray} for the surgeon, and for {gifts} for {them}.',
    'A short prayer {soon} would mean a lot to {them}.',
  ],
}

const work: Theme = {
  situations: [
    'I lost my job at {trade} {last week|on {day}}.',
    '{who} has been looking for work for {few} months.',
    'At {trade} they are letting people go, and {who} may be one of them.',
    'I have an interview at {trade} {soon}.',
    'There is so much quarrelling where I work that I dread every Monday.',
    '{who} works nights at {trade} and is worn out.',
  ],
  details: [
    'The rent is due at the end of the month.',
    'I have written more than {few} dozen letters.',
    'It is not only the money, it is getting up without a reason.',
    'My boss means well but he does not listen.',
    'I said something I regret, and now it stands between us.',
    'I am too old to start again, or so they tell me.',
    'I like the work itself, I like it very much.',
    '{they} does not say so, but {they} has lost heart.',
    'They promised an answer by {day}.',
  ],
  asks: [
    '{pray} for {gifts}, and for a door that opens.',
    '{pray} that I find the right words.',
    'Pray that {who} finds honest work soon.',
    '{pray} for peace among us there, also for those who make it hard.',
  ],
}

const learning: Theme = {
  people: peers,
  situations: [
    '{who} has {their} exam in {subject} {soon}.',
    'I have to repeat {subject}, and this is the last attempt.',
    '{who} is not happy at school {lately}.',
    'I began studying again at forty-three, and {soon} is the first exam.',
    'Our {few} children all have tests {soon}.',
  ],
  details: [
    '{they} has learned so much that {they} no longer knows what {they} knows.',
    'I go blank as soon as the paper lies in front of me.',
    'A lot depends on it.',
    'The others in the class can be cruel.',
    'There is one teacher who {really} tries.',
    'I learn after nine, when the children are asleep.',
    'It is not about the marks.',
  ],
  asks: [
    '{pray} for a clear head and {gifts}.',
    '{pray} that {they} finds one good friend there.',
    'Pray that we remember what we learned, and sleep the night before.',
    '{pray} for all who have exams now.',
  ],
}

const quarrels: Theme = {
  situations: [
    'My marriage is in trouble, and I do not know how it got so far.',
    '{who} and I have not spoken for {few} months.',
    'My {husband|wife} wants a divorce.',
    'There is an old quarrel in our family that nobody dares to touch.',
    'Two of my {brothers|cousins|friends} are no longer on speaking terms.',
  ],
  details: [
    'We are polite to each other, and that is the worst of it.',
    'The children notice everything.',
    'Next week there is a talk with a counsellor, the first one.',
    'I have said sorry, and I meant it.',
    'It began over an inheritance, of all things.',
    'I miss how we used to talk in the car.',
    'I do not want to be right any more, I want peace.',
    'Nobody remembers exactly how it began.',
  ],
  asks: [
    '{pray} that we learn to listen again.',
    '{pray} for forgiveness, mine as well.',
    '{pray} for {gifts} in our home.',
    'Pray that somebody takes the first step, and if it must be me, that I take it.',
  ],
}

const weddings: Theme = {
  situations: [
    'We are getting married {soon}!',
    'We have been married {ten|twenty-five|thirty|forty} years today and want to give thanks.',
    '{my sister|our son|our daughter|my best friend} is getting married {soon}.',
  ],
  details: [
    'Both families will be in one room for the first time.',
    'It was not always easy, and it was good.',
    'There will be cake for half the parish.',
    'My grandmother would have loved to see it.',
    'We are a little afraid of so much happiness.',
    'We wrote the vows at the kitchen table.',
  ],
  asks: [
    '{pray} that it stays as light as it is today.',
    'Give thanks with us, and {pray} for {gifts} for the years to come.',
    '{pray} for all who would like to have somebody, too.',
  ],
}

const births: Theme = {
  situations: [
    '{my sister|our daughter|my wife|a young mother I know} is expecting a child, and there are complications.',
    'Our baby was born on {day}, far too early.',
    'A healthy {boy|girl} was born to {my sister|our son|my cousin|dear friends} this week!',
    'The midwife is with us tonight.',
    'We are waiting to hear whether we may adopt.',
  ],
  details: [
    'I lie awake and listen for every breath.',
    'Such tiny hands.',
    'We have painted the room yellow.',
    'They told us not to worry, so of course we do.',
    'The grandparents are beside themselves.',
    'Every day counts now.',
    'There is no name yet, or rather there are {few}.',
  ],
  asks: [
    '{pray} for the little one and for patient parents.',
    '{pray} that all goes well.',
    '{pray} for {gifts}, and for all the children of this night.',
  ],
}

const worries: Theme = {
  people: children,
  situations: [
    'I worry about {who}.',
    '{who} has nightmares {lately}.',
    '{our daughter|our son|my brother} has moved out and does not answer my calls.',
    '{who} does not want to go to school any more.',
    '{who} starts school {soon}.',
  ],
  details: [
    'I was not so different at that age.',
    'There is a new group of friends I do not know.',
    'We do not want to push, only to stay close.',
    'The teacher is patient, thank God.',
    'At night I stand at the door and listen.',
    'We talked about it once, in the car, and not since.',
  ],
  asks: [
    '{pray} for {who} and for patient parents.',
    '{pray} that the door stays open between us.',
    '{pray} for {gifts}.',
    'Pray for all children who are afraid of tomorrow.',
  ],
}

const grief: Theme = {
  situations: [
    '{who} died {on {day}|last night|this week}.',
    'My {grandmother|grandfather} fell asleep on {day}.',
    'It is {few} years today since we lost {who}.',
    'The funeral of {who} is {soon}.',
    'We lost our baby in the {third|fourth|fifth} month.',
    'A classmate of {our boy|our girl|our eldest} has died.',
  ],
  details: [
    '{they} would have had {their} birthday {soon}.',
    'It was peaceful, and we were all there.',
    'We never got to say goodbye.',
    'I still set the table for one more.',
    'I found {their} glasses in the car and had to stop.',
    'People mean well, but I cannot hear that it will pass.',
    '{they} loved the garden and a very strong coffee.',
    'I have to choose the hymns and do not know which.',
    'So many came, the church was full.',
  ],
  asks: [
    '{pray} for us who stay behind.',
    '{pray} for the soul of {who}, and for {gifts} for the family.',
    'Pray that we may let go, in our own time.',
    '{pray} for those who have to tell the children.',
  ],
}

const recovery: Theme = {
  situations: [
    'I want to say thank you: {who} is much better.',
    'You prayed for {who}, and the result is clear!',
    'The operation of {who} went well.',
    'After {few} weeks in {ward} {who} is home.',
  ],
  details: [
    'The doctor used the word remarkable.',
    '{they} ate a whole plate of pancakes this morning.',
    'I do not take it for granted for a minute.',
    'I cried in the bus and a stranger gave me a tissue.',
    'It is not over yet, but there is light.',
    '{they} asks me to greet every one of you.',
    'Yesterday {they} walked to the gate and back.',
  ],
  asks: [
    'Give thanks with us.',
    'Thanks be to God, and thank you.',
    'Please go on praying for {gifts}.',
    'Now {pray} for the others in {ward}, who are still waiting.',
  ],
}

const gladness: Theme = {
  situations: [
    'I found work at {trade} after {few} months.',
    '{my brother|my daughter|my son|an old friend} called me, after all this time.',
    'I passed {subject}, and I still cannot believe it.',
    'One year without a drink today.',
    'We have found a flat!',
  ],
  details: [
    'I do not take it for granted for a minute.',
    'It came on a day when I had given up.',
    'I danced in the kitchen, and I do not dance.',
    'So many of you wrote to me in the bad months.',
  ],
  asks: [
    'Give thanks with me.',
    'Thanks be to God, and thank you.',
    'Please go on praying for {gifts}.',
    'Now {pray} for those who are still waiting.',
  ],
}

const neighbours: Theme = {
  situations: [
    'There was a fire in our street on {day}, and a family has lost everything.',
    'Our village is under water again.',
    'The storm took the roof of {the school|the chapel|our neighbours}.',
  ],
  details: [
    'Nobody was hurt, thank God.',
    'People I hardly knew came with shovels and sandwiches.',
    'We need hands, and bread, and somebody with a van.',
    'The children slept in the parish hall and thought it an adventure.',
    'They saved the photographs and the cat.',
  ],
  asks: [
    '{pray} for {gifts} for them.',
    'Pray for those who help, that they do not tire.',
    '{pray} that winter is late this year.',
  ],
}

const world: Theme = {
  situations: [
    '{pray} for all who had to leave their homes this year.',
    'The news {lately} makes my heart heavy.',
    'I think of all who work nights, in hospitals and on the roads.',
    'I cannot get the pictures of {the war|the earthquake|the boats} out of my head.',
  ],
  details: [
    'I can do little from here, but I can pray.',
    'My grandmother was a refugee too, she never spoke of it.',
    'Those who decide about war should once sit in a cellar with the children.',
    'My class made a box of letters for them.',
    'I turned the radio off and was ashamed of it.',
  ],
  asks: [
    'Pray for peace, and that we begin with it at home.',
    '{pray} for {gifts} for them.',
    '{pray} that we do not get used to it.',
  ],
}

const parish: Theme = {
  situations: [
    'Our congregation has become small and tired.',
    'We are starting a breakfast for people without a home {soon}.',
    'Our choir sings in {ward} {soon}.',
    'I have been asked to take on a task that I do not feel up to.',
  ],
  details: [
    'There are {few} of us now on a Sunday, and one plays the organ with two fingers.',
    'We need hands, and bread, and somebody with a van.',
    'I should like to serve, but am I the right one?',
    'The young ones have ideas, and we ought to let them.',
    'Last time it was just the {few} of us and a lot of coffee.',
  ],
  asks: [
    '{pray} for {gifts}.',
    '{pray} that we remember what it is all for.',
    'Pray for those who do the work that nobody sees.',
  ],
}

const burdens: Theme = {
  situations: [
    'I have been drinking again.',
    '{who} cannot stop gambling, and the debts are growing.',
    'I am so anxious {lately} that I hardly leave the house.',
    '{who} has fallen into a dark place and lets nobody in.',
    'I have not slept properly {lately}.',
    'I did something wrong long ago, and it will not leave me alone.',
    'I cannot pray any more.',
  ],
  details: [
    'From outside nobody would guess.',
    'It is the evenings that are hard.',
    'I have an appointment {soon} and I am afraid that I will not go.',
    'There was a day last week when it was almost light.',
    '{they} says that {they} is fine. {they} is not.',
    'I have told one friend, and now you.',
    'The words of the old prayers are still there, at least.',
    'Please do not give me advice, only pray.',
  ],
  asks: [
    '{pray} for {gifts}.',
    '{pray} for me this week, especially in the evening.',
    'Pray that {who} accepts help.',
    'Pray in my place for a while.',
  ],
}

const roads: Theme = {
  situations: [
    '{who} is travelling to {place} {soon}.',
    'We are moving to {place} {soon} and leave everything behind.',
    'We have been looking for a flat for {few} months.',
    'My {mother|father|grandmother|aunt} is moving into a home {soon}, because it no longer works alone.',
  ],
  details: [
    '{they} has never been away so long.',
    'Half of our life stands in boxes in the hall.',
    'The road over the mountains is bad at this time of year.',
    'The piano has to stay behind.',
    'I did not know that one can miss a staircase.',
    'There is a garden with a pear tree, at least.',
  ],
  asks: ['{pray} for {gifts} on the way.', 'Pray for a good arrival.', '{pray} for good neighbours.'],
}

const turnings: Theme = {
  situations: [
    'I have to decide by {day} and cannot.',
    'My {grandfather|grandmother|mother|father} forgets more and more {lately}.',
    'I am alone a great deal {lately}.',
    'I retire {soon}, after {thirty|forty} years at {trade}.',
  ],
  details: [
    'Everybody has advice.',
    'On Sundays I drive around so that it is not so quiet.',
    'I make lists, and then I lose the lists.',
    'Some evenings I only say the names of the people I love, one after the other.',
    'There was a good hour yesterday, with music.',
    'It comes to all of us, I know.',
  ],
  asks: [
    '{pray} that I hear clearly what I am to do.',
    'Pray for patience, mine above all.',
    '{pray} for {gifts}.',
  ],
}

export const englishThemes: readonly Theme[] = [
  illness,
  surgery,
  recovery,
  work,
  learning,
  quarrels,
  weddings,
  births,
  worries,
  grief,
  gladness,
  neighbours,
  world,
  parish,
  burdens,
  roads,
  turnings,
]
