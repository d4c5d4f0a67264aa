-- Ready queries for DuckDB (https://duckdb.org). Run them inside the unpacked folder: duckdb < queries.sql
-- Готові запити DuckDB. Запускайте в розпакованій теці. Гроші – копійки: ділення на 100 дає гривні.

-- VIEWS

-- 1. Contests in one line: turnout in percent, money. / Конкурси одним рядком: явка у відсотках, кошти.
SELECT contest, title, voters, members, round(100.0 * voters / members, 2) AS turnout_percent,
       (SELECT sum(amount) / 100 FROM pots WHERE pots.contest = contests.contest) AS money
FROM contests ORDER BY year, contest;

-- 2. Voters by day and together. / Виборці за днями й наростаючим підсумком.
SELECT contest, key AS day, voters, sum(voters) OVER (PARTITION BY contest ORDER BY key) AS together
FROM turnout WHERE "by" = 'day' ORDER BY contest, key;

-- 3. Who voted where: parts of the community. / Явка за частинами громади.
SELECT contest, key AS part, voters, is_hidden, members, round(100.0 * voters / nullif(members, 0), 2) AS percent
FROM turnout WHERE "by" = 'part' ORDER BY contest, percent DESC NULLS LAST;

-- 4. The winners in the order of funding. / Переможці в порядку фінансування.
SELECT o.contest, o.place, p.number, p.title, o.score, o.votes, o.amount / 100 AS money
FROM outcome o JOIN projects p USING (contest, project) WHERE o.is_funded ORDER BY o.contest, o.place;

-- 5. How content voters can be: a winner among one's choices. / Скільки виборців мають переможця серед свого вибору.
WITH each AS (
    SELECT contest, ballot, count(*) FILTER (o.is_funded AND v.value > 0) AS winners,
           coalesce(sum(o.amount) FILTER (v.value > 0), 0) AS money
    FROM votes v JOIN outcome o USING (contest, project) GROUP BY ALL
)
SELECT contest, count(*) AS voters, count(*) FILTER (winners > 0) AS served,
       round(100.0 * count(*) FILTER (winners > 0) / count(*), 2) AS percent,
       round(avg(winners), 2) AS winners_each, round(avg(money) / 100, 2) AS money_each
FROM each GROUP BY contest ORDER BY contest;

-- 6. Money by type: asked, admitted, won, spent. / Кошти за типами: запит, допуск, перемога, витрати.
SELECT p.contest, coalesce(p.category, '') AS category, count(*) AS projects, sum(p.cost) / 100 AS asked,
       coalesce(sum(p.cost) FILTER (p.is_on_ballot), 0) / 100 AS admitted, coalesce(sum(o.amount), 0) / 100 AS won,
       coalesce(sum(w.actual_cost) FILTER (o.is_funded), 0) / 100 AS spent
FROM projects p LEFT JOIN outcome o USING (contest, project) LEFT JOIN works w USING (contest, project)
GROUP BY ALL ORDER BY p.contest, asked DESC;

-- 7. The greedy count anew: by score, while the money of the pot lasts. Where the contest was counted otherwise, or ties,
--    thresholds and quotas decided, the differences show what that meant.
--    Жадібний підрахунок наново: за показником, доки вистачає коштів частини.
WITH RECURSIVE ordered AS (
    SELECT contest, pot, project, cost, is_funded,
           row_number() OVER (PARTITION BY contest, pot ORDER BY score DESC, place NULLS LAST, project) AS turn
    FROM outcome WHERE reason IS NULL OR reason <> 'below_threshold'
), walk AS (
    SELECT contest, pot, 0::BIGINT AS turn, amount AS money_left, NULL::VARCHAR AS project, false AS wins FROM pots
    UNION ALL
    SELECT o.contest, o.pot, o.turn, CASE WHEN o.cost <= w.money_left THEN w.money_left - o.cost ELSE w.money_left END,
           o.project, o.cost <= w.money_left
    FROM walk w JOIN ordered o ON o.contest = w.contest AND o.pot = w.pot AND o.turn = w.turn + 1
)
SELECT o.contest, count(*) FILTER (w.wins) AS winners_anew, count(*) FILTER (o.is_funded) AS winners,
       count(*) FILTER (w.wins <> o.is_funded) AS differing
FROM walk w JOIN outcome o USING (contest, project) GROUP BY o.contest ORDER BY o.contest;

-- 8. Which projects are chosen together. / Які проєкти обирають разом.
SELECT a.contest, a.project, b.project AS other, count(*) AS ballots
FROM votes a JOIN votes b ON a.contest = b.contest AND a.ballot = b.ballot AND a.project < b.project
WHERE a.value > 0 AND b.value > 0 GROUP BY ALL ORDER BY ballots DESC, a.contest, a.project, other LIMIT 20;

-- 9. Days from publication to a winner's acceptance. / Днів від оприлюднення результату до приймання робіт.
SELECT w.contest, count(*) AS built, median(w.accepted_on - timezone('Europe/Kyiv', c.published_at)::DATE) AS median_days
FROM works w JOIN contests c USING (contest) WHERE w.accepted_on IS NOT NULL GROUP BY w.contest ORDER BY w.contest;

-- 10. Signatures by week. / Підписи за тижнями.
SELECT contest, date_trunc('week', day)::DATE AS week, sum(signatures) AS signatures
FROM signatures GROUP BY ALL ORDER BY contest, week;
