/* django-bellhop, BSD-3-Clause. Made from packages/bellhop/js by build.mjs; edit there. */
(()=>{var m=Object.freeze({READY:"ready",NOTIFICATION:"notification",STATE:"state",BEAT:"beat",RESYNC:"resync"}),E=Object.freeze({RESTART:1012,BAD_FRAME:4400,NO_SESSION:4401,UNKNOWN_PATH:4404,TOO_SLOW:4408,TOO_MANY:4429,UNAVAILABLE:4503}),N=6e4,pt=2e4,gt=500,wt=3e4,bt=2e3;var S=class{#t=0;#e;#i;#n;constructor({base:t=gt,cap:e=wt,random:s=Math.random}={}){this.#e=t,this.#i=e,this.#n=s}next(){let t=Math.min(this.#i,this.#e*2**this.#t);return t<this.#i&&(this.#t+=1),Math.round(this.#n()*t)}slow(){return Math.round(this.#i*(.5+this.#n()/2))}reset(){this.#t=0}};var p=i=>Number.isSafeInteger(i)&&i>=0,C=i=>i==null,zt=i=>C(i)||Array.isArray(i)&&i.every(t=>typeof t=="string"),kt=i=>typeof i.message=="string"&&(C(i.seq)||p(i.seq)&&typeof i.id=="string"),Yt=i=>i!==null&&typeof i=="object"&&p(i.seq)&&kt(i),yt={[m.READY]:i=>p(i.seq)&&p(i.rev)&&p(i.unread),[m.BEAT]:i=>p(i.seq)&&p(i.rev)&&p(i.unread),[m.RESYNC]:i=>p(i.seq),[m.NOTIFICATION]:kt,[m.STATE]:i=>p(i.rev)&&p(i.unread)&&[i.through,i.since].every(t=>C(t)||p(t))&&[i.read,i.unread_ids,i.archived,i.removed].every(zt)&&(C(i.updated)||Array.isArray(i.updated)&&i.updated.every(Yt))};function St(i){if(typeof i!="string")return null;let t;try{t=JSON.parse(i)}catch{return null}return t===null||typeof t!="object"||Array.isArray(t)||!Object.hasOwn(yt,t.type)?null:yt[t.type](t)?t:null}var l=Object.freeze({CONNECTING:"connecting",OPEN:"open",WAITING:"waiting",OFFLINE:"offline",SIGNED_OUT:"signed-out",CLOSED:"closed"}),Vt={setTimeout:(i,t)=>globalThis.setTimeout(i,t),clearTimeout:i=>globalThis.clearTimeout(i)},L=class extends EventTarget{#t;#e;#i;#n;#s;#r;#a;#o;#h;#d;#c=l.CLOSED;#b=null;#l=null;#g=null;#w=!1;#y=0;#u=0;constructor({url:t,after:e=0,rev:s,checkSession:n,WebSocket:r=globalThis.WebSocket,isOnline:o=()=>!0,random:a=Math.random,timers:h=Vt,now:d=Date.now}){super(),this.#t=t,this.#e=e,this.#i=s,this.#s=n,this.#n=r,this.#r=o,this.#a=a,this.#o=h,this.#h=d,this.#d=new S({random:a})}get state(){return this.#c}get cursor(){return this.#e}start(){this.#c!==l.CLOSED&&this.#c!==l.SIGNED_OUT||(this.#u+=1,this.#d.reset(),this.#f())}stop(){this.#u+=1,this.#E(),this.#x(),this.#k(l.CLOSED)}wake(){this.#l!==null?this.#f():this.#c===l.OPEN&&this.#h()-this.#y>N&&(this.#E(),this.#f())}networkChanged(){this.#r()?this.wake():this.#c===l.WAITING&&this.#k(l.OFFLINE)}#f(){this.#x();let t;try{let e=this.#i===void 0?"":`&rev=${this.#i}`;t=new this.#n(`${this.#t}?after=${this.#e}${e}`)}catch{this.#v(this.#d.slow());return}this.#b=t,t.onmessage=e=>this.#p(e.data),t.onclose=e=>this.#I(e.code),this.#T(pt),this.#k(l.CONNECTING)}#p(t){this.#y=this.#h(),this.#c===l.OPEN&&this.#T(N);let e=St(t);if(e!==null)switch(e.type){case m.READY:if(this.#c===l.OPEN)break;this.#w=e.seq<this.#e,this.#i=Math.min(this.#i??e.rev,e.rev),this.#d.reset(),this.#T(N),this.#k(l.OPEN),this.#S("ready",e);break;case m.NOTIFICATION:this.#m(e);break;case m.STATE:this.#i=Math.max(this.#i??0,e.rev),this.#S("sync",e);break;case m.BEAT:this.#S("beat",e);break;case m.RESYNC:{let s=this.#e;if(e.seq<s&&!this.#w)return;this.#w=!1,this.#e=e.seq,this.#S("resync",{seq:e.seq,from:s});break}}}#m(t){if(Number.isInteger(t.seq)){if(t.seq<=this.#e)return;this.#e=t.seq}this.#S("notification",t)}#I(t){let e=this.#c===l.OPEN;switch(this.#E(),t){case E.NO_SESSION:this.#O(t);break;case E.BAD_FRAME:case E.UNKNOWN_PATH:this.#v(this.#d.slow(),t);break;case E.RESTART:this.#v(e?Math.round(this.#a()*bt):this.#d.next(),t);break;default:this.#v(this.#d.next(),t)}}async#O(t){let e=this.#u;this.#k(l.WAITING,{code:t});let s=0;try{s=await this.#s()}catch{}e===this.#u&&(s===401?this.#k(l.SIGNED_OUT,{code:t}):this.#v(this.#d.next(),t))}#v(t,e){this.#x(),this.#l=this.#o.setTimeout(()=>this.#f(),t),this.#k(this.#r()?l.WAITING:l.OFFLINE,{code:e,delay:t})}#x(){this.#l!==null&&this.#o.clearTimeout(this.#l),this.#l=null}#T(t){this.#_(),this.#g=this.#o.setTimeout(()=>this.#I(void 0),t)}#_(){this.#g!==null&&this.#o.clearTimeout(this.#g),this.#g=null}#E(){this.#_();let t=this.#b;t!==null&&(this.#b=null,t.onmessage=t.onclose=null,t.close())}#k(t,e={}){let s=this.#c;t!==s&&(this.#c=t,this.#S("state",{state:t,previous:s,...e}))}#S(t,e){this.dispatchEvent(new CustomEvent(t,{detail:e}))}};function vt(i,{protocol:t,hostname:e,host:s}){let n=t==="https:"?"wss:":"ws:";return/^(ws|http)s?:\/\//i.test(i)?i.replace(/^http/i,"ws"):/^:\d+/.test(i)?`${n}//${e}${i}`:`${n}//${s}${i.startsWith("/")?"":"/"}${i}`}var q="[bellhop]";function xt(i){console.log(q,i.message,i)}function Tt({state:i,code:t,delay:e}){let s=t===void 0?"":` (code ${t})`,n=e===void 0?"":`, next attempt in ${e} ms`;console.debug(q,`connection ${i}${s}${n}`)}function Et({seq:i,from:t}){console.debug(q,`resync: going on from ${i}, was at ${t}; the list is fetched again`)}function y(i,t){console.warn(q,i,t)}var v=class extends Error{constructor(t,e){super(e),this.name="ApiError",this.status=t}},rt=409,D=class{#t;#e;#i;#n="";constructor({base:t,csrfHeader:e,fetch:s=(...n)=>globalThis.fetch(...n)}){this.#t=t,this.#i=e||"X-CSRFToken",this.#e=s}list(t={},e){return this.#s("GET",`?${new URLSearchParams(t)}`,e)}async summary(t){let e=await this.#s("GET","summary",t);return this.#n=e.csrf_token??this.#n,e}async mark(t,e,s){let n=s?{...e,user_key:s}:e;try{return await this.#s("POST",t,s,n)}catch(r){if(r.status!==403)throw r;return await this.summary(s),this.#s("POST",t,s,n)}}async#s(t,e,s,n){let r={Accept:"application/json"};n!==void 0&&(r["Content-Type"]="application/json",r[this.#i]=this.#n);let o;try{o=await this.#e(this.#t+e,{method:t,headers:r,body:n===void 0?void 0:JSON.stringify(n),credentials:"same-origin",cache:"no-store",keepalive:n!==void 0,signal:AbortSignal.timeout(15e3)})}catch(h){throw new v(0,h instanceof Error?h.message:String(h))}let a=await o.json().catch(()=>null);if(!o.ok)throw new v(o.status,a?.error?.message??`HTTP ${o.status}`);if(a===null)throw new v(0,"the answer was no JSON");if(s&&a.user_key!==void 0&&a.user_key!==s)throw new v(rt,"somebody else is signed in");return a}};var ot="bellhop:shown:";function It(i){let t=new Map;try{let e=i();for(let s=0;s<e.length;s+=1){let n=e.key(s);n.startsWith(ot)&&t.set(n.slice(ot.length),_t(e.getItem(n)))}}catch{}return t}function _t(i){let t=Number(i);return Number.isSafeInteger(t)&&t>0?t:0}var F=class{#t;#e;#i=0;constructor(t,e){this.#t=ot+t;try{this.#e=e(),this.#i=this.#n()}catch{this.#e=null}}get seq(){return this.#i}reread(){return this.#i=Math.max(this.#i,this.#n()),this.#i}raise(t){t<=this.#i||(this.#i=t,t>this.#n()&&this.#s(t))}reset(t){this.#i=t,this.#s(t)}#n(){try{return _t(this.#e?.getItem(this.#t))}catch{return 0}}#s(t){try{this.#e?.setItem(this.#t,String(t))}catch{}}};function g(i,t={},{cancelable:e=!1}={}){return document.dispatchEvent(new CustomEvent(`bellhop:${i}`,{detail:t,cancelable:e}))}function at({results:i,unread:t},e,s){let n=Math.min(s,(i.at(-1)?.seq??1/0)-1),r=t-i.filter(({read:o})=>!o).length;return{results:i.filter(o=>o.seq>e&&o.seq<=s).reverse(),skipped:Math.max(0,Math.min(n-e,r)),seq:n}}var R=class{#t;#e;#i;#n;constructor({unread:t,seq:e,rev:s},n=()=>{}){this.#t=t,this.#e=e,this.#i=s,this.#n=n}get count(){return this.#t}get rev(){return this.#i}ready({seq:t,rev:e,unread:s}){this.#e=t,this.#i=e,this.#s(s)}beat({seq:t,rev:e,unread:s}){t<this.#e||e<this.#i||this.ready({seq:t,rev:e,unread:s})}state({seq:t,rev:e,unread:s}){e<this.#i||(this.#i=e,Number.isInteger(t)&&(this.#e=Math.max(this.#e,t)),this.#s(s))}notification({seq:t,read:e}){!Number.isInteger(t)||t<=this.#e||(this.#e=t,e||this.#s(this.#t+1))}#s(t){t!==this.#t&&(this.#t=t,this.#n(t))}};var I=({importance:i})=>i==="high";var U=class{#t;#e;#i;#n;#s=[];#r=null;#a=0;constructor({show:t,more:e,shown:s,timers:n}){this.#t=t,this.#e=e,this.#i=s,this.#n=n??{setTimeout:(r,o)=>globalThis.setTimeout(r,o),clearTimeout:r=>globalThis.clearTimeout(r)}}catchUp(t){this.#a=t}push(t){this.#s.push(t);let{seq:e}=t;Number.isInteger(e)&&e<this.#a?this.#o():(e===this.#a||this.#r===null)&&this.#h()}get waiting(){return Ot(this.#s)}reword(t){let e=new Map(t.map(s=>[s.id,s]));this.#s=this.#s.map(s=>{let{read:n,gone:r,seq:o}=s;return s.id&&e.has(s.id)?{...e.get(s.id),seq:o,read:n,gone:r}:s})}forget(t){for(let e of this.#s)t(e)&&(e.gone=!0)}skip(t,e){t>0&&this.#e([{skipped:t,seq:e}])}#o(){this.#r??=this.#n.setTimeout(()=>this.#h(),250)}#h(){this.#r!==null&&this.#n.clearTimeout(this.#r),this.#r=null;let t=this.#s;if(t.length===0)return;this.#s=[];let e=Ot(t),s=Jt(e);s.size<e.length&&this.#e(e.filter(r=>!s.has(r)));for(let r of e)s.has(r)&&this.#t(r);let n=t.map(({seq:r})=>r).filter(Number.isInteger);n.length>0&&this.#i(n.at(-1)),this.#o()}},Ot=i=>i.filter(({read:t,gone:e})=>!t&&!e);function Jt(i){let t=i.filter(e=>!I(e));return new Set([...t,...i.filter(I)].slice(-4))}var G=class{#t;#e;#i=0;#n=!1;#s;#r;constructor({rev:t,toasts:e,fetchList:s}){this.#t=this.#e=t,this.#s=e,this.#r=s}async changed(t,e){if(t.rev<=this.#t)return;let s=t.since>Math.max(this.#t,this.#e);this.#t=t.rev,this.apply(t),e&&(this.#i=Math.max(this.#i,t.seq)),(t.reload||s)&&await this.#a()}arrived({seq:t}){t<=this.#i&&(this.#n=!0)}apply({read:t=[],archived:e=[],removed:s=[],through:n=0,updated:r=[]}){let o=new Set([...t,...e,...s]);(o.size>0||n>0)&&this.#s.forget(({id:a,seq:h})=>o.has(a)||Number.isInteger(h)&&h<=n),r.length>0&&this.#s.reword(r)}async beat({rev:t}){let e=t>Math.max(this.#t,this.#e);this.#e=Math.max(this.#e,t),(e||this.#n)&&await this.#a()}async ready({seq:t,rev:e}){this.#s.forget(n=>n.seq>t);let s=e<this.#t;this.#t=Math.min(this.#t,e),this.#e=Math.min(this.#e,e),this.#i=0,(s||this.#n)&&await this.#a()}async#a(){let t=this.#s.told().filter(({id:e,seq:s})=>e&&Number.isInteger(s));t.sort((e,s)=>e.seq-s.seq),this.#n=!0;try{for(;t.length>0;){let{results:e,next:s}=await this.#r({after:t[0].seq-1,limit:200}),n=s===null?1/0:e.at(-1).seq,r=new Map(e.map(a=>[a.id,a])),o=t.filter(({id:a,seq:h})=>h<=n&&(r.get(a)?.read??!0));this.apply({removed:o.map(({id:a})=>a),updated:e}),t=t.filter(({seq:a})=>a>n)}this.#n=!1}catch{}}};var Xt=5e3,P=class{#t;#e;#i;#n;#s;#r;#a=0;#o;#h=!1;#d=!1;#c=Promise.resolve();constructor({user_key:t,seq:e,rev:s,unread:n,since:r=e},{rendered:o,shown:a},h,d){this.key=t,this.#o=d,this.#s=new F(t,()=>window.localStorage),this.#r=Math.min(a,this.#s.seq),this.#i=new U({show:c=>this.#m("toast",c),more:c=>this.#m("more",c),shown:c=>this.#p(c)}),this.#n=new G({rev:s,toasts:{told:()=>[...d.told(),...this.#i.waiting],forget:c=>{this.#i.forget(c),this.#m("forget",c)},reword:c=>{this.#i.reword(c),this.#m("reword",c)}},fetchList:d.list}),this.#e=new R({seq:e,rev:s,unread:n},c=>{this.#m("unread",c),g("unread",{unread:c})}),this.#t=new L({url:h,after:Math.max(r,Math.min(this.#r,o)),rev:s,isOnline:()=>navigator.onLine,checkSession:d.checkSession}),this.#b()}get unread(){return this.#e.count}get position(){return{seq:this.#t.cursor,rev:this.#e.rev}}start(){this.#t.start()}stop(){this.#t.stop()}end(){this.#h=!0,this.#t.stop()}wake(){document.hidden||this.#s.raise(this.#a),this.#t.wake()}networkChanged(){this.#t.networkChanged()}hold(){if(this.#d)return;this.#d=!0;let t=new Promise(e=>setTimeout(e,Xt));this.#l(()=>t),this.#l(()=>{this.#d=!1,this.#r=Math.max(this.#r,this.#s.reread())})}heard(t){this.#e.beat(t)}changed(t,e){this.#m("answered",t,e),this.#n.apply(t),this.#e.state(e),g("changed")}#b(){let t=(e,s)=>this.#t.addEventListener(e,({detail:n})=>this.#h||s(n));t("state",e=>{Tt(e),e.state===l.SIGNED_OUT?this.#o.over():this.#o.state(e)}),t("ready",e=>{e.user_key!==void 0&&e.user_key!==this.key?this.#o.over():this.#g(e)}),t("beat",e=>this.#l(()=>(this.#e.beat(e),this.#m("beat",e),this.#n.beat(e)))),t("sync",e=>{let s=e.seq>this.#t.cursor;this.#l(()=>{this.#m("changed",e);let n=this.#n.changed(e,s);return this.#e.state(e),g("changed"),n})}),t("notification",e=>this.#l(()=>this.#y(e))),t("resync",e=>{Et(e),this.#m("resync"),this.#l(()=>this.#f(e))})}#l(t){this.#c=this.#c.then(()=>this.#h?void 0:t()).catch(e=>y("unexpected",e))}#g(t){let e=t.seq<this.#r;this.#l(()=>this.#w(t,e))}#w(t,e){return e&&(this.#r=0,this.#s.reset(Math.min(this.#t.cursor,t.seq))),this.#e.ready(t),this.#i.catchUp(t.seq),this.#m("ready",t),g("changed"),this.#n.ready(t)}#y(t){this.#e.notification(t),t.id&&this.#m("arrived",t),t.seq<=this.#r||this.#u(t)}#u(t){xt(t),this.#n.arrived(t);let e=g("notification",t,{cancelable:!0})&&t.toast!==!1;this.#i.push(e?t:{...t,gone:!0})}async#f({seq:t,from:e}){let s=Math.max(e,this.#r),n;try{n=at(await this.#o.list({limit:50}),s,t)}catch(r){y("could not fetch what was missed",r),n=at({results:[],unread:this.unread},s,t)}if(!this.#h){this.#i.catchUp(t),this.#i.skip(n.skipped,n.seq);for(let r of n.results)this.#u(r);t<e?this.#s.reset(t):this.#p(t),g("changed")}}#p(t){this.#a=t,document.hidden||this.#s.raise(t)}#m(t,...e){this.#h||this.#o.tell(t,...e)}};var Zt=6e4,Qt={read:"read",unread:"unread_ids",archive:"archived"},ht=({status:i})=>i===401||i===rt,lt=()=>document.querySelector("[data-bellhop-user]")?.dataset.bellhopUser||void 0,H=class{#t;#e;#i=new Set;#n=l.CLOSED;#s=null;#r=!1;#a=0;#o=-1/0;#h=new S;#d=null;#c=It(()=>window.localStorage);constructor({api:t,socketUrl:e,csrfHeader:s}){this.#t=new D({base:t,csrfHeader:s}),this.#e=e}get state(){return this.#n}get unread(){return this.#s?.unread??0}get userKey(){return this.#s?.key??null}get hasEnded(){return this.#n===l.SIGNED_OUT&&this.#r}get position(){return this.#s?.position??null}attach(t){this.#i.add(t)}detach(t){this.#i.delete(t)}start(){this.#n===l.CLOSED&&(this.#s===null?this.#l():this.#s.start())}stop(){this.#w(),this.#s?.stop(),this.#f({state:l.CLOSED})}async refresh(){let t=this.#s;if(t===null){await this.#l();return}try{let e=await this.#t.summary();if(t!==this.#s)return;e.user_key===t.key?t.heard(e):this.#u(e)}catch(e){t===this.#s&&ht(e)&&this.#u()}}wake(){this.#s!==null?this.#s.wake():this.#d!==null?this.#l():this.#n===l.SIGNED_OUT&&Date.now()-this.#o>Zt&&this.#l()}hold(){this.#s?.hold()}networkChanged(){this.#s!==null?this.#s.networkChanged():navigator.onLine?this.wake():this.#n===l.WAITING&&this.#f({state:l.OFFLINE})}async list(t,e=this.userKey){let s=await this.#b(e,this.#t.list(t,e));return e===this.userKey&&this.#s?.heard(s),s}async mark(t,e,s=this.userKey){let n=await this.#b(s,this.#t.mark(t,e,s));return s===this.userKey&&this.#s?.changed(e.ids?{[Qt[t]]:e.ids}:e,n),n}follow(t,e=this.userKey){let{id:s,url:n,read:r}=t,o=g("open",{id:s,url:n,notification:t},{cancelable:!0});return s&&!r&&this.mark("read",{ids:[s]},e).catch(a=>y("could not mark as read",a)),o}tellFailure(t){y("request failed",t),ht(t)||this.#p("notice",t)}async#b(t,e){try{return await e}catch(s){throw ht(s)&&this.#s!==null&&t===this.#s.key&&this.#u(),s}}async#l(){this.#w();let t=this.#a;this.#o=Date.now(),this.#n!==l.SIGNED_OUT&&this.#f({state:l.CONNECTING});let e;try{e=await this.#t.summary()}catch(s){t===this.#a&&this.#g(s);return}t===this.#a&&this.#y(e)}#g(t){if(t.status===401){this.#u();return}y("could not ask who is signed in",t),this.#d=setTimeout(()=>this.#l(),this.#h.next()),this.#f({state:navigator.onLine?l.WAITING:l.OFFLINE})}#w(){this.#a+=1,clearTimeout(this.#d),this.#d=null}#y(t){let{user_key:e,seq:s}=t,n=lt();if(n!==void 0&&n!==e){this.#u();return}this.#h.reset(),this.#r=!0;let r=Math.min(s,...[...this.#i].map(d=>d.rendered?.(e)??s)),o=this.#c===null?1/0:this.#c.get(e)??0;this.#c=null;let a=null,h=new P(t,{rendered:r,shown:o},this.#e,{tell:(...d)=>this.#p(...d),told:()=>[...this.#i].flatMap(d=>d.told?.()??[]),state:d=>this.#f(d),over:()=>this.#u(a),list:d=>this.list(d,e),checkSession:async()=>{try{let d=await this.#t.summary();return d.user_key===e?200:(a=d,401)}catch(d){return d.status??0}}});this.#s=h,this.#p("unread",h.unread),g("unread",{unread:h.unread}),this.#p("joined",{seq:h.position.seq,rev:0}),h.start()}#u(t=null){this.#w();let e=this.#s;this.#s=null,this.#r||=lt()!==void 0,e?.end(),this.#f({state:l.SIGNED_OUT}),this.#p("ended"),g("unread",{unread:0}),t!==null?this.#y(t):e!==null&&lt()===void 0&&this.#l()}#f({state:t,...e}){let s=this.#n;t!==s&&(this.#n=t,this.#p("state",{state:t,previous:s,...e}),g("state",{state:t,previous:s}))}#p(t,...e){for(let s of[...this.#i])s[t]?.(...e)}};var $=Symbol.for("bellhop.client"),At="bellhop:signed-in",Mt=()=>document[$];function B({api:i,socket:t,csrfHeader:e}){if(document[$]===void 0){let s=new H({api:i,socketUrl:vt(t,location),csrfHeader:e});document[$]=s,te(s),queueMicrotask(()=>s.start())}return document[$]}function te(i){window.addEventListener("online",()=>i.networkChanged()),window.addEventListener("offline",()=>i.networkChanged()),document.addEventListener("visibilitychange",()=>{document.hidden||i.wake()}),window.addEventListener("pagehide",()=>i.stop()),window.addEventListener("pageshow",t=>{t.persisted&&i.start()}),window.addEventListener("submit",t=>{!t.defaultPrevented&&ee(t)&&i.hold()}),window.addEventListener("storage",({key:t})=>{t===At&&i.state===l.SIGNED_OUT&&i.refresh()}),i.attach({state:()=>ie(i),joined:se})}function ee({target:i,submitter:t}){if(i.hasAttribute("data-bellhop-stays"))return!1;let e=t?.getAttribute("formtarget")??i.getAttribute("target"),s=t?.getAttribute("formmethod")??i.getAttribute("method");return(e??"_self")==="_self"&&s!=="dialog"}function se(){try{window.localStorage.setItem(At,String(Date.now()))}catch{}}function ie(i){for(let t of document.querySelectorAll("[data-bellhop-signed-out]"))t.hidden=!i.hasEnded}var k={bell:"M6 16.5V11a6 6 0 1 1 12 0v5.5l1.5 2h-15ZM10 21h4",login:"M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11M11 8l4 4-4 4",summary:"M4 7h16M4 12h16M4 17h10",problem:"M12 5v9M12 18.5v.5",dismiss:"M6 6l12 12M18 6L6 18"},Nt=i=>Object.hasOwn(k,i)?k[i]:k.bell;var Ct="http://www.w3.org/2000/svg";function u(i,t={},...e){return dt(document.createElement(i),t,e)}function _(i,t=24){let e={fill:"none",stroke:"currentColor","stroke-width":2,"stroke-linecap":"round","stroke-linejoin":"round"},s=dt(document.createElementNS(Ct,"path"),{d:i,...e},[]),n={viewBox:"0 0 24 24",width:t,height:t,"aria-hidden":"true",focusable:"false"};return dt(document.createElementNS(Ct,"svg"),n,[s])}function x(i){let t=new CSSStyleSheet;return t.replaceSync(i),t}function dt(i,t,e){for(let[s,n]of Object.entries(t))n!==!1&&n!==null&&i.setAttribute(s,n===!0?"":String(n));return i.append(...e),i}var j=`
:host {
  --_surface: var(--bellhop-surface, light-dark(#fff, #1c2226));
  --_surface-sunk: var(--bellhop-surface-sunk, light-dark(#f1eee8, #252c31));
  --_text: var(--bellhop-text, light-dark(#1f262b, #e6e9eb));
  --_muted: var(--bellhop-muted, light-dark(#566069, #a0abb3));
  --_line: var(--bellhop-line, light-dark(#e3ded4, #2e363c));
  --_accent: var(--bellhop-accent, light-dark(#0b5f69, #74cdd6));
  --_accent-soft: var(--bellhop-accent-soft, light-dark(#e4f0f0, #17333a));
  --_mark: var(--bellhop-mark, light-dark(#a9701a, #e3ae4d));
  --_danger: var(--bellhop-danger, light-dark(#b42318, #ff9a90));
  --_danger-soft: var(--bellhop-danger-soft, light-dark(#fdecea, #3a2020));
  --_badge: var(--bellhop-badge, #e3ae4d);
  --_badge-text: var(--bellhop-badge-text, #2a1c00);
  --_radius: var(--bellhop-radius, 0.75rem);
  --_shadow: var(--bellhop-shadow, 0 2px 6px rgb(31 38 43 / 10%), 0 12px 32px rgb(31 38 43 / 16%));
}

*, ::before, ::after {
  box-sizing: border-box;
}

/* Against anything that a page says of all its elements: inside, "important" wins over the outside. */
[hidden] {
  display: none !important;
}
`;function Lt(i,t){return i===0&&!t?"You are offline, so nothing was changed.":i===0||i===503?"Bellhop does not answer just now. Please try again in a moment.":i===403?"This page is too old for that. Please reload it.":i===429?"That was a little too often. Please wait a moment.":"That didn’t work. Please try again."}var qt=`
:host {
  position: fixed !important;
  inset: auto 0 0 auto !important;
  z-index: var(--bellhop-z-index, 2147483000) !important;
  display: block !important;
  visibility: visible;
  color: var(--_text);
  font: 1rem/1.5 var(--bellhop-font, system-ui, sans-serif);
  pointer-events: none; /* between the toasts the page below stays usable */
}

:host(:dir(rtl)) {
  inset: auto auto 0 0 !important;
}

[part="toasts"] {
  display: grid;
  gap: 0.625rem;
  width: min(27.5rem, 100vw);
  max-height: calc(100vh - 4rem);
  padding-block-start: 2.5rem; /* not margins: room for the shadows, which overflow would cut off */
  padding-inline-start: 2.5rem;
  padding-inline-end: calc(1rem + env(safe-area-inset-right));
  padding-block-end: calc(1rem + env(safe-area-inset-bottom));
  overflow: hidden auto;
}

[part="toasts"]:empty {
  display: none;
}

[part="toast"] {
  display: grid;
  grid-template-columns: auto minmax(0, 1fr) auto;
  align-items: start;
  gap: 0.75rem;
  padding: 0.75rem;
  padding-inline-end: 0.25rem;
  border: 1px solid var(--_line);
  border-inline-start: 4px solid var(--_mark);
  border-radius: var(--_radius);
  background: var(--_surface);
  box-shadow: var(--_shadow);
  pointer-events: auto;
  animation: come 0.22s ease-out;
}

[data-kind="problem"] {
  border-inline-start-color: var(--_danger);
}

[part="toast-icon"] {
  display: grid;
  place-items: center;
  width: 2.25rem;
  height: 2.25rem;
  border-radius: 50%;
  background: var(--_accent-soft);
  color: var(--_accent);
}

[data-kind="problem"] > [part="toast-icon"] {
  background: var(--_danger-soft);
  color: var(--_danger);
}

[part="toast-icon"]:has(img) > svg {
  display: none;
}

img {
  object-fit: contain;
}

[part="toast-text"] {
  min-width: 0;
  max-height: 12rem;
  padding-block: 0.25rem;
  overflow-y: auto;
  overflow-wrap: anywhere;
}

p {
  margin: 0;
}

[part="toast-message"] {
  font-weight: 600;
  line-height: 1.4;
}

[part="toast-body"] {
  color: var(--_muted);
  font-size: 0.9375rem;
  white-space: pre-line;
}

[part="toast-link"] {
  display: inline-flex;
  align-items: center;
  min-height: 2.75rem;
  margin-block-end: -0.5rem;
  color: var(--_accent);
  font-weight: 500;
}

[part="toast-dismiss"] {
  display: grid;
  place-items: center;
  width: 2.75rem;
  height: 2.75rem;
  margin-block: -0.25rem;
  padding: 0;
  border: 0;
  border-radius: 0.5rem;
  background: none;
  color: var(--_muted);
  cursor: pointer;
}

:is([part="toast-dismiss"], [part="toast-link"]):focus-visible {
  outline: 2px solid var(--_accent);
  outline-offset: -2px;
}

@media (max-width: 40rem) {
  [part="toasts"] {
    padding-inline-start: 1rem;
  }
}

@keyframes come {
  from {
    opacity: 0;
    transform: translateY(0.75rem);
  }
}

@media (prefers-reduced-motion: reduce) {
  [part="toast"] {
    animation: none;
  }
}
`;function T(i){if(typeof i!="string"||!/^(\/|https?:\/\/)/i.test(i))return null;try{let{protocol:t}=new URL(i,"https://base.invalid");return t==="https:"||t==="http:"?i:null}catch{return null}}var ct=({skipped:i})=>i!==void 0,W=class{#t=[];get size(){return this.#t.reduce((t,e)=>t+(ct(e)?e.skipped:1),0)}get known(){return this.#t.filter(t=>!ct(t))}add(t){this.#t.push(...t.map(({id:e,seq:s,skipped:n})=>({id:e,seq:s,skipped:n})))}forget(t){this.#t=this.#t.filter(e=>!t(e))}limit(t){let e=Math.max(0,t-this.known.length);for(let s of this.#t.filter(ct))s.skipped=Math.min(s.skipped,e),e-=s.skipped;this.forget(({skipped:s})=>s===0)}clear(){this.#t=[]}};function K(i,t){let e=T(t),s=i?.querySelector("img")??null;if(!i||(s?.getAttribute("src")??null)===e)return!1;if(s?.remove(),e===null)return!0;let n=u("img",{src:e,alt:"",width:20,height:20});return n.addEventListener("error",()=>n.remove()),i.append(n),!0}function Dt({kind:i="message",id:t="",linkText:e="Open",importance:s="normal",...n},r){let o=u("button",{part:"toast-dismiss",type:"button","data-dismiss":!0,"aria-label":"Dismiss"},_(k.dismiss,18));o.addEventListener("click",r);let a=u("div",{part:"toast","data-testid":"toast","data-kind":i,"data-id":t,"data-importance":s},u("span",{part:"toast-icon","aria-hidden":"true","data-icon":!0},_(Nt(i),18)),u("div",{part:"toast-text"},u("p",{part:"toast-message","data-testid":"toast-message",dir:"auto"}),u("p",{part:"toast-body","data-body":!0,dir:"auto"}),u("a",{part:"toast-link","data-link":!0},e)),o);return ut(a,n),a}function ut(i,{message:t,body:e="",url:s=null,icon:n,count:r}){let[o,a,h]=["[data-testid=toast-message]","[data-body]","[data-link]"].map(f=>i.querySelector(f)),d=[o.textContent,a.textContent,h.getAttribute("href"),i.dataset.count],c=[t,e??"",s,r===void 0?void 0:String(r)];return!K(i.querySelector("[data-icon]"),n)&&c.every((f,b)=>f===d[b])?!1:(o.textContent!==t&&(o.textContent=t),a.textContent!==c[1]&&(a.textContent=c[1]),a.hidden=!e,s!==null?h.setAttribute("href",s):h.removeAttribute("href"),h.hidden=s===null,r===void 0?delete i.dataset.count:i.dataset.count=String(r),!0)}var O=8e3,ft=500,re=2,z=class{#t;#e;#i;#n=new Map;#s=new Map;#r=null;#a=null;#o=new W;#h=1/0;#d=null;#c=matchMedia("(hover: hover)");#b=matchMedia("(max-width: 40rem)");constructor(t,e,s){this.#t=t,this.#e=e,this.#i=s}get told(){return[...this.#s.values(),...this.#o.known]}show(t){if(!this.#y(I(t))){this.more([t]);return}let e=this.#g(Rt(t));this.#s.set(e,t),e.querySelector("[data-link]").addEventListener("click",s=>{this.#i(this.#s.get(e))||s.preventDefault()}),this.#w(e,I(t)?1/0:O),this.#l()}reword(t){let e=new Map(t.map(s=>[s.id,s]));for(let[s,{id:n}]of this.#s){let r=n?e.get(n):void 0;r===void 0||!ut(s,Rt(r))||(this.#s.set(s,r),this.#n.get(s)<O&&this.#n.set(s,O))}}forget(t){for(let[e,s]of[...this.#s])t(s)&&this.#u(e);this.#o.forget(t),this.#l()}limit(t){this.#h=t,this.#l()}clear(){for(let t of[...this.#n.keys()])this.#f(t)}more(t){if(this.#o.add(t),this.#r===null){let e=Ft(this.#o.size);this.#r=this.#g({kind:"summary",message:e,url:this.#e(),linkText:"Show all"}),this.#t.prepend(this.#r)}this.#l(),this.#n.set(this.#r,O),this.#p()}notice(t){let e=this.#g({kind:"problem",message:t});this.#a!==null&&this.#f(this.#a),this.#a=e,this.#w(e)}#l(){if(this.#r===null)return;this.#o.limit(this.#h-this.#s.size);let[t,e]=[this.#r.querySelector("[data-testid=toast-message]"),Ft(this.#o.size)];this.#o.size===0?this.#u(this.#r):t.textContent!==e&&(t.textContent=e)}#g(t){let e=Dt(t,()=>this.#u(e));return e.addEventListener("keydown",s=>{s.key==="Escape"&&this.#u(e)}),e}#w(t,e=O){this.#t.append(t),this.#n.set(t,e),this.#p()}#y(t){let e=[...this.#n.keys()].filter(a=>a!==this.#r);if(e.length<(this.#b.matches?re:4))return!0;let s=e.filter(a=>a.dataset.importance!=="high");if(s.length===0&&!t)return!1;let n=s.length>0?s:e,r=n.find(a=>!a.matches(":hover, :focus-within"))??n[0],o=this.#s.get(r);return this.#f(r),o!==void 0&&this.more([o]),!0}#u(t){let e=t.nextElementSibling??t.previousElementSibling,s=t.matches(":focus-within");this.#f(t),s&&e?.querySelector("[data-dismiss]").focus()}#f(t){t.remove(),this.#n.delete(t),this.#s.delete(t),t===this.#a&&(this.#a=null),t===this.#r&&(this.#r=null,this.#o.clear())}#p(){this.#d??=setInterval(()=>{if(!this.#m()){for(let[t,e]of[...this.#n])e<=ft?this.#f(t):this.#n.set(t,e-ft);[...this.#n.values()].some(Number.isFinite)||(clearInterval(this.#d),this.#d=null)}},ft)}#m(){return document.hidden||this.#t.matches(":focus-within")?!0:this.#c.matches&&this.#t.matches(":hover")}},Ft=i=>`${i} more notification${i===1?"":"s"}`;function Rt({id:i="",kind:t,message:e,body:s,url:n,icon:r,importance:o,count:a}){return{id:i,kind:t,message:e,body:s,url:T(n),icon:r,importance:o,count:a}}var oe="bellhop-toasts",Y=Symbol.for("bellhop.toasts");function V(i,t){i[Y]??={view:ae(i)},i[Y].href=t||i[Y].href}function ae(i){let t=u(oe),e=t.attachShadow({mode:"open"});e.adoptedStyleSheets=[x(j),x(qt)];let s=u("div",{part:"toasts",role:"status","aria-live":"polite","aria-atomic":"false"});e.append(s),document.documentElement.append(t);let n=new z(s,()=>i[Y].href??"",o=>i.follow(o)),r={toast:o=>n.show(o),more:o=>n.more(o),unread:o=>n.limit(o),told:()=>n.told,reword:o=>n.reword(o),forget:o=>n.forget(o),notice:({status:o})=>n.notice(Lt(o,navigator.onLine)),ended:()=>n.clear()};return i.attach(r),r}var he=new Set(["open","signed-out"]),Ut={connecting:"Connecting…",waiting:"Reconnecting…",offline:"Offline",open:"Live","signed-out":"Signed out"},J=class{#t;#e;#i=null;#n=!1;#s="connecting";constructor(t,e){this.#t=t,this.#e=e}set(t){t in Ut&&(this.#s=t,this.#n||=t==="open",this.#t.dataset.state=t,he.has(t)?this.#r():this.#i??=setTimeout(()=>this.#r(),2e3))}hide(){clearTimeout(this.#i),this.#i=null,this.#t.hidden=!0}#r(){clearTimeout(this.#i),this.#i=null;let t=this.#s==="connecting"&&this.#n?"waiting":this.#s;this.#t.dataset.shown=t,this.#e.textContent=Ut[t],this.#t.hidden=!1}};var Gt=`
:host {
  display: inline-flex !important;
  align-items: center;
  gap: 0.5rem;
  visibility: visible;
  font-family: var(--bellhop-font, inherit);
}

:host([hidden]) {
  display: none !important;
}

a {
  position: relative;
  display: inline-grid;
  place-items: center;
  min-width: 2.75rem;
  min-height: 2.75rem;
  border-radius: 50%;
  color: inherit;
  text-decoration: none;
  cursor: pointer;
}

a:focus-visible {
  outline: 2px solid currentColor;
  outline-offset: -2px;
}

[part="badge"] {
  position: absolute;
  inset-block-start: 0.125rem;
  inset-inline-start: 50%;
  min-width: 1.25rem;
  padding: 0 0.3125rem;
  border-radius: 0.625rem;
  background: var(--_badge);
  color: var(--_badge-text);
  font-size: 0.75rem;
  font-weight: 700;
  line-height: 1.25rem;
  text-align: center;
}

[part="status"] {
  display: none;
  align-items: center;
  gap: 0.375rem;
  color: var(--_muted);
  font-size: 0.875rem;
}

/* Quiet: a word only where something is wrong, and has been for a while. */
[part="status"]:is([data-shown="connecting"], [data-shown="waiting"], [data-shown="offline"]) {
  display: inline-flex;
}

[part="dot"] {
  width: 0.5rem;
  height: 0.5rem;
  border-radius: 50%;
  background: var(--_mark);
}

[data-shown="open"] > [part="dot"] {
  background: light-dark(#1d6b3f, #7fd1a0);
}

[data-shown="offline"] > [part="dot"],
[data-shown="signed-out"] > [part="dot"] {
  background: var(--_danger);
}

@media (forced-colors: active) {
  [part="badge"] {
    border: 1px solid;
  }

  [part="dot"] {
    background: CanvasText;
    forced-color-adjust: none;
  }
}
`;function Pt(i){return i===0?"No unread notifications":i===1?"1 unread notification":`${i} unread notifications`}function X(i){return i>99?"99+":String(i)}var le=/^\((?:\d+|99\+)\) /,Ht=new Set;function $t(i){let[t=""]=le.exec(document.title)??[],e=Ht.has(t)?document.title.slice(t.length):document.title,s=i===0?"":`(${X(i)}) `;s&&Ht.add(s),document.title!==s+e&&(document.title=s+e)}var Z=class extends HTMLElement{#t=null;#e={unread:t=>this.#r(t),state:({state:t})=>this.#a(t),ended:()=>this.#r(0)};#i;#n;#s;connectedCallback(){this.#i===void 0&&this.#o(),this.#i.setAttribute("href",this.getAttribute("href")??"");let t=B({api:this.getAttribute("api"),socket:this.getAttribute("socket"),csrfHeader:this.getAttribute("csrf-header")});this.#t=t,t.attach(this.#e),V(t,this.getAttribute("href")),this.#r(t.unread),this.#a(t.state),t.state===l.SIGNED_OUT&&t.refresh()}disconnectedCallback(){this.#t.detach(this.#e)}#r(t){this.#n.textContent=X(t),this.#n.hidden=t===0,this.#i.setAttribute("aria-label",Pt(t)),this.setAttribute("unread",String(t)),this.hasAttribute("title-count")&&$t(t)}#a(t){this.setAttribute("state",t),t===l.SIGNED_OUT&&!this.#t.hasEnded?this.#s.hide():this.#s.set(t)}#o(){let t=this.attachShadow({mode:"open"});t.adoptedStyleSheets=[x(j),x(Gt)],this.#n=u("span",{part:"badge","data-testid":"bell-count","aria-hidden":"true",hidden:!0});let e=u("span",{part:"icon"},_(k.bell,22));this.#i=u("a",{part:"bell","data-testid":"bell"},e,this.#n);let s=u("span",{part:"word","data-word":!0},"Connecting…"),n=u("span",{part:"status","data-testid":"connection","data-state":"connecting",hidden:!0},u("span",{part:"dot","aria-hidden":"true"}),s);this.#s=new J(n,s),t.append(n,this.#i)}};var Q=class{#t;#e;#i;#n;#s=Promise.resolve();#r=!1;#a=!1;#o=!1;constructor({seq:t,rev:e,fetchList:s,applyList:n}){this.#t=t,this.#e=e,this.#i=s,this.#n=n}get seq(){return this.#t}arrived(t){if(t<=this.#t)return!1;let e=t>this.#t+1;return this.#t=t,e&&this.refresh(),!0}changed({since:t,seq:e,rev:s,reload:n=!1}){return s<=this.#e?!1:(n||t>this.#e||e>this.#t?this.refresh():this.#e=s,!n)}answered({rev:t,changed:e}){return t<=this.#e?!1:(e>0&&t===this.#e+1?this.#e=t:this.refresh(),e>0)}joined({seq:t,rev:e}){(t>this.#t||e>this.#e)&&this.refresh()}ready({seq:t,rev:e}){let s=e!==this.#e||t<this.#t;this.#t=Math.min(this.#t,t),this.#e=Math.min(this.#e,e),(s||this.#o)&&this.refresh()}beat({seq:t,rev:e}){(t>this.#t||e>this.#e||this.#o)&&this.refresh()}refresh(){return this.#r?this.#a=!0:this.#s=this.#h(),this.#s}async#h(){this.#r=!0;do{this.#a=!1;let t=this.#e;try{let e=await this.#i(),{seq:s,rev:n}=e;this.#n(e),n<this.#e&&t<this.#e&&(this.#a=!0),this.#e=n,this.#t=Math.max(this.#t,s),this.#o=!1}catch{this.#o=!0,this.#a=!1}}while(this.#a);this.#r=!1}};var de=[["year",31557600],["month",2629800],["week",604800],["day",86400],["hour",3600],["minute",60]];function Bt(i,t,e){let s=Math.round((t-i)/1e3);for(let[n,r]of de)if(s>=r)return e.format(-Math.floor(s/r),n);return"just now"}var ce=new Intl.RelativeTimeFormat("en",{numeric:"auto"}),ue=new Intl.DateTimeFormat(void 0,{dateStyle:"full",timeStyle:"medium"});function A(i,t=Date.now()){for(let e of i.querySelectorAll("time[datetime]")){let s=Date.parse(e.dateTime);Number.isNaN(s)||(e.textContent=Bt(s,t,ce),e.title=ue.format(s))}}var fe=new Intl.DateTimeFormat("en-GB",{dateStyle:"medium",timeStyle:"short"});function jt(i){let t=Date.parse(i);return Number.isNaN(t)?i:fe.format(t)}var tt=i=>i.dataset.id,w=i=>Number(i.dataset.seq);function M(i,t){i.dataset.read=String(t)}function et(i,{message:t,body:e,url:s,icon:n,count:r}){let o=i.querySelector("[data-message]");o.textContent!==t&&(o.textContent=t);let a=T(s);a!==null?o.setAttribute("href",a):o.removeAttribute("href");let h=i.querySelector("[data-body]");h.textContent!==(e??"")&&(h.textContent=e??""),h.hidden=!e,K(i.querySelector("[data-icon]"),n),r===void 0?delete i.dataset.count:i.dataset.count=String(r)}function Wt(i,t){let e=i.content.firstElementChild.cloneNode(!0),{id:s,seq:n,kind:r,created:o,read:a}=t;return Object.assign(e.dataset,{id:s,seq:n,kind:r}),M(e,!!a),et(e,t),e.querySelector("time").dateTime=o,e.querySelector("input[name=id]").value=s,e}var me=50,mt=200,st=class{#t;#e;#i;#n;constructor(t){this.#t=t,this.#e=t.querySelector("[data-items]"),this.#i=t.querySelector("template"),this.#n=t.dataset.newest==="true",this.#h()}get element(){return this.#t}add(t){this.#n&&(this.#r(t),this.#a(),this.#h())}apply({read:t=[],unread_ids:e=[],archived:s=[],removed:n=[],through:r,updated:o=[]}){let a=new Map(o.map(f=>[f.id,f])),[h,d,c]=[new Set(t),new Set(e),new Set([...s,...n])];for(let f of this.#s()){let b=tt(f);c.has(b)?f.remove():d.has(b)?M(f,!1):(h.has(b)||w(f)<=r)&&M(f,!0),a.has(b)&&et(f,a.get(b))}this.#h()}endAt(t){for(let s of this.#s())w(s)>t&&s.remove();let e=this.#t.querySelector("input[name=through]");e.value=Math.min(t,Number(e.value)),this.#h()}query(){let t=this.#s().map(w),e=Math.min(Math.max(t.length,me),mt);return this.#n||t.length===0?{limit:e}:{limit:t.length,before:Math.max(...t)+1}}reconcile({results:t,seq:e,next:s}){let n=new Map(this.#s().map(h=>[tt(h),h])),r=this.#n?e:Math.max(0,...this.#s().map(w)),o=s===null?0:Math.min(...t.map(h=>h.seq)),a=new Set(t.map(h=>h.id));for(let[h,d]of n)w(d)<=r&&(this.#n||w(d)>=o)&&!a.has(h)&&d.remove();for(let h of t){let d=n.get(h.id);d!==void 0?(M(d,h.read),et(d,h)):h.seq<=r&&this.#r(h)}this.#n&&this.#o(s!==null),this.#a(),this.#h()}#s(){return[...this.#e.children]}#r(t){let e=null;for(let n of this.#e.children){if(tt(n)===t.id)return;e===null&&w(n)<t.seq&&(e=n)}let s=Wt(this.#i,t);A(s),this.#e.insertBefore(s,e)}#a(){if(!(this.#e.childElementCount<=mt)){for(;this.#e.childElementCount>mt;)this.#e.lastElementChild.remove();this.#o(!0)}}#o(t){let e=this.#t.querySelector("[data-older]");e.hidden=!t||this.#e.childElementCount===0,e.hidden||(e.href=`${this.#t.dataset.url}?before=${w(this.#e.lastElementChild)}`)}#h(){let t=this.#s();this.#t.querySelector("[data-empty]").hidden=t.length>0,this.#e.hidden=t.length===0;let e=this.#t.querySelector("input[name=through]");this.#n&&t.length>0&&(e.value=Math.max(w(t[0]),Number(e.value)))}showUnread(t){this.#t.querySelector("[data-mark-all]").hidden=t===0,this.#t.querySelector("[data-unread]").textContent=t===0?"All caught up":`${t} unread`}};function Kt(i,{mark:t,failed:e}){i.addEventListener("submit",async s=>{let n=s.target;if(!n.matches("form[data-mark]")||(s.preventDefault(),n.ariaBusy==="true"))return;n.ariaBusy="true";let r=new FormData(n),o=s.submitter?.value||r.get("action"),a=r.get("id"),h=Number(r.get("through")),d=pe(n);try{await t(o,a?{ids:[a]}:{through:h}),d()}catch(c){e(c)}finally{n.ariaBusy=null}})}function pe(i){if(!i.contains(document.activeElement))return()=>{};let t=i.closest("[data-id]"),e=t?.parentElement,s=t?[...e.children].indexOf(t):-1;return()=>{let n=document.activeElement;if(n!==document.body&&n.checkVisibility())return;([...(i.isConnected?i:e?.children[Math.min(s,e.childElementCount-1)])?.querySelectorAll("button")??[]].find(a=>a.checkVisibility())??document.getElementById("bellhop-inbox-title"))?.focus()}}var ge=6e4,it=class extends HTMLElement{#t=null;#e;#i;#n;#s;#r={rendered:t=>this.#a(t)?this.#n.seq:1/0,unread:this.#o(t=>this.#i.showUnread(t)),joined:this.#o(t=>this.#n.joined(t)),ready:this.#o(t=>{this.#i.endAt(t.seq),this.#n.ready(t)}),beat:this.#o(t=>this.#n.beat(t)),changed:this.#o(t=>this.#n.changed(t)&&this.#i.apply(t)),answered:this.#o((t,e)=>this.#n.answered(e)&&this.#i.apply(t)),arrived:this.#o(t=>this.#n.arrived(t.seq)&&this.#i.add(t)),resync:this.#o(()=>this.#n.refresh())};connectedCallback(){let{bellhopUser:t,seq:e,rev:s}=this.dataset;this.#e=t||void 0;let n=B({api:this.getAttribute("api"),socket:this.getAttribute("socket"),csrfHeader:this.getAttribute("csrf-header")});if(this.#t=n,this.#i===void 0&&(this.#i=new st(this),this.#n=new Q({seq:Number(e),rev:Number(s),fetchList:()=>n.list(this.#i.query(),this.#e),applyList:o=>this.#i.reconcile(o)}),this.#h(n)),A(this),this.#s=setInterval(()=>A(this),ge),n.attach(this.#r),V(n,this.dataset.url),n.position===null)return;this.#r.joined(n.position);let r=!this.#a(n.userKey);for(let o of this.querySelectorAll("[data-bellhop-signed-out]"))o.hidden=!r}disconnectedCallback(){clearInterval(this.#s),this.#t.detach(this.#r)}#a(t){return this.#e===void 0||this.#e===t}#o(t){return(...e)=>{this.#a(this.#t.userKey)&&t(...e)}}#h(t){Kt(this,{mark:(e,s)=>t.mark(e,s,this.#e),failed:e=>t.tellFailure(e)}),this.addEventListener("click",e=>{let s=e.target.closest("a[data-message][href]"),n=s?.closest("[data-id]");if(!n)return;let{id:r,read:o}=n.dataset,a={id:r,url:s.getAttribute("href"),message:s.textContent,read:o==="true"};t.follow(a,this.#e)||e.preventDefault()})}};var nt=class extends HTMLElement{connectedCallback(){let{timeZone:t}=Intl.DateTimeFormat().resolvedOptions();if(!t)return;for(let s of this.querySelectorAll("time[data-moment]"))s.textContent=`${jt(s.dateTime)} (${t})`;let e=this.querySelector("select[data-zone=browser]");e&&(e.dataset.zone="proposed",[...e.options].some(({value:s})=>s===t)||e.add(new Option(t)),e.value=t)}};for(let[i,t]of[["bellhop-bell",Z],["bellhop-inbox",it],["bellhop-preferences",nt]])customElements.get(i)===void 0&&customElements.define(i,t);"bellhop"in window||Object.defineProperty(window,"bellhop",{get:Mt,configurable:!0});})();
