# A bundled model, compiled, must answer at least `least` of its fresh questions: a threshold a little below what
# docs/Models.md measures.
import sys

models, module, least, names = sys.argv[1:]
sys.path.insert(0, models)
import ask
import rwkvc

with rwkvc.Model(module) as model, rwkvc.Session(model, 2) as session:
    shares = {name: ask.share_right(rwkvc, session, name, 40, seed=99) for name in names.split(",")}
print(shares)
mean = sum(shares.values()) / len(shares)
if mean < float(least):
    sys.exit(f"{mean:.3f} of the answers are right, less than {least}")
